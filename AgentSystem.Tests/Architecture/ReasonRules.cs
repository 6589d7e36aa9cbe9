using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>Whoever silences a warning says why, beside it or just above it.</summary>
internal static partial class ReasonRules
{
    public static IEnumerable<string> Check(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            for (var line = 0; line < file.Lines.Length; line++)
            {
                if (Silences(file, file.Lines[line]) && !HasReason(file, line))
                {
                    yield return $"{file.Path}:{line + 1}: {file.Lines[line].Trim()}";
                }
            }
        }
    }

    private static bool Silences(SourceFile file, string line) => Ending(file) switch
    {
        ".cs" or ".razor" => Pragma().IsMatch(line) || (Suppress().IsMatch(line) && !line.Contains("Justification", StringComparison.Ordinal)),
        ".csproj" or ".props" or ".targets" or ".proj" => Property().IsMatch(line),
        ".editorconfig" => Severity().IsMatch(line),
        ".py" => line.Contains("# noqa", StringComparison.Ordinal) || line.Contains("# type: ignore", StringComparison.Ordinal),
        _ => false,
    };

    private static bool HasReason(SourceFile file, int line)
    {
        if (Comment(file, AfterSilencing(file.Lines[line])))
        {
            return true;
        }

        // One reason may stand above several suppressions in a row.
        for (line--; line >= 0; line--)
        {
            if (IsComment(file, file.Lines[line]))
            {
                return true;
            }

            if (!Silences(file, file.Lines[line]))
            {
                return false;
            }
        }

        return false;
    }

    private static string AfterSilencing(string line) =>
        line.IndexOf("//", StringComparison.Ordinal) is >= 0 and var slashes ? line[slashes..]
        : line.IndexOf("<!--", StringComparison.Ordinal) is >= 0 and var xml ? line[xml..]
        : "";

    private static bool IsComment(SourceFile file, string line) => Comment(file, line.Trim()) || line.TrimEnd().EndsWith("-->", StringComparison.Ordinal);

    private static bool Comment(SourceFile file, string text) => Ending(file) switch
    {
        ".editorconfig" or ".py" => text.StartsWith('#') && text.Length > 12,
        ".cs" or ".razor" => text.StartsWith("//", StringComparison.Ordinal) && text.Length > 12,
        _ => text.StartsWith("<!--", StringComparison.Ordinal) && text.Length > 16,
    };

    private static string Ending(SourceFile file) => file.Name.StartsWith('.') ? file.Name : Path.GetExtension(file.Name);

    [GeneratedRegex(@"^\s*#pragma\s+warning\s+disable|^\s*#nullable\s+disable")]
    private static partial Regex Pragma();

    [GeneratedRegex(@"^\s*\[\s*(?:assembly:\s*)?(?:UnconditionalSuppressMessage|SuppressMessage)")]
    private static partial Regex Suppress();

    [GeneratedRegex(@"<(?:NoWarn|WarningsNotAsErrors|MSBuildWarningsAsMessages|DisabledWarnings)\b|<TreatWarningsAsErrors>\s*false|<NuGetAudit>\s*false|\bNoWarn=")]
    private static partial Regex Property();

    [GeneratedRegex(@"^\s*dotnet_(?:diagnostic\.\w+|analyzer_diagnostic[\w.-]*)\.?severity\s*=\s*(?:none|silent|suggestion)|^\s*dotnet_diagnostic\.\w+\.severity\s*=\s*(?:none|silent|suggestion)")]
    private static partial Regex Severity();
}
