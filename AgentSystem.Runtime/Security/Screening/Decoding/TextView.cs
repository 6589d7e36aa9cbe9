namespace AgentSystem.Runtime.Security.Screening.Decoding;

/// <summary>One reading of a text.</summary>
/// <param name="Name">How it was read: <c>plain</c>, <c>lookalikes</c>, <c>base64</c> and so on.</param>
/// <param name="Text">The reading, folded for comparing.</param>
/// <param name="Depth">How many codings were taken off: 0 for the text itself.</param>
internal sealed record TextView(string Name, string Text, int Depth)
{
    /// <summary>True when somebody wrote the text so that it does not show what it says.</summary>
    public bool Hidden => Depth > 0 && Name is not ("html" or "url" or "comment" or "escapes");
}

/// <summary>What a decoder found: a coding's name and the text under it.</summary>
internal readonly record struct Decoded(string Name, string Text);
