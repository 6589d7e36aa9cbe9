namespace AgentSystem.Tests.Architecture;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="Text">Its whole content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private string? code;

    /// <summary>The text without comments and string contents: what the compiler would act on.</summary>
    public string Code => code ??= CSharpText.WithoutCommentsAndStrings(Text);

    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    public string[] Segments => Path.Split('/');

    /// <summary>The folders it lies in, outermost first.</summary>
    public string[] Folders => Segments[..^1];

    public string Name => Segments[^1];

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal) || Path.EndsWith(".razor", StringComparison.Ordinal);

    /// <summary>The project folder it lies in, or null.</summary>
    public string? Project => Segments[0].StartsWith("AgentSystem.", StringComparison.Ordinal) && Segments.Length > 1 ? Segments[0] : null;

    /// <summary>The capability: the first folder inside the project; null for a file beside the project file.</summary>
    public string? Capability => Project is not null && Segments.Length > 2 ? Segments[1] : null;
}
