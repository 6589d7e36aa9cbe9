namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>How a call ended.</summary>
/// <param name="Outcome">The end.</param>
/// <param name="Text">What a model reads; it begins with <c>error:</c> unless it is a success.</param>
/// <param name="Attempts">How often the tool was asked.</param>
/// <param name="Duration">From the first attempt to the end.</param>
public sealed record ToolAnswer(ToolOutcome Outcome, string Text, int Attempts, TimeSpan Duration);

/// <summary>The ends of a call.</summary>
public enum ToolOutcome
{
    /// <summary>The tool did it.</summary>
    Success,

    /// <summary>It did not, or could not be asked; nothing happened, or a repetition would do no harm.</summary>
    Error,

    /// <summary>Whether it had its effect is not known, and it must not be repeated without a person.</summary>
    Unknown,
}
