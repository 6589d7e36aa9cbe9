namespace AgentSystem.Tests.Architecture;

/// <summary>Sizes a reader can hold in the head.</summary>
internal static class SizeRules
{
    public const int MaxLines = 350, MaxProgramLines = 39, MaxParameters = 8, MaxCommonLines = 200;

    private static readonly string[] Endings = [".cs", ".razor", ".py"];

    public static IEnumerable<string> CheckFiles(IEnumerable<SourceFile> files) =>
        from file in Counted(files)
        let limit = file.Name == "Program.cs" ? MaxProgramLines : MaxLines
        where file.Lines.Length > limit
        select $"{file.Path}: {file.Lines.Length} lines, at most {limit}.";

    public static IEnumerable<string> CheckConstructors(IEnumerable<SourceFile> sources) =>
        from source in Counted(sources)
        where source.Path.EndsWith(".cs", StringComparison.Ordinal)
        from constructor in Declarations.ConstructorsIn(source.Code)
        where constructor.Parameters > MaxParameters
        select $"{source.Path}: the constructor of {constructor.Type} takes {constructor.Parameters} parameters, at most {MaxParameters}.";

    /// <summary>The length that 95 of 100 files stay under.</summary>
    public static int P95(IEnumerable<SourceFile> files)
    {
        var lengths = Counted(files).Select(file => file.Lines.Length).Order().ToArray();
        return lengths[(int)Math.Ceiling(lengths.Length * .95) - 1];
    }

    // Entity Framework generates the files of a Migrations folder; nobody reads them by hand.
    private static IEnumerable<SourceFile> Counted(IEnumerable<SourceFile> files) =>
        files.Where(file => Endings.Any(ending => file.Path.EndsWith(ending, StringComparison.Ordinal)) && !file.Folders.Contains("Migrations"));
}
