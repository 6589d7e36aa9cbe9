using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>What must not stand in anything that answers requests: other programs started, code made of text, types chosen by data. Whoever needs one of them says why here.</summary>
internal static partial class DangerRules
{
    /// <summary>Files that may, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Exceptions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The projects that take what others send. The AppHost starts the embedded database from its own settings and serves no API.</summary>
    public static IReadOnlyList<string> Projects { get; } = ["AgentSystem.Runtime", "AgentSystem.Control", "AgentSystem.Contracts", "AgentSystem.Api", "AgentSystem.Workers", "AgentSystem.Web", "AgentSystem.ServiceDefaults"];

    public static IEnumerable<string> Check(IEnumerable<SourceFile> sources) =>
        from source in sources
        where source.Project is { } project && Projects.Contains(project) && !Exceptions.ContainsKey(source.Path)
        from Match match in Dangerous().Matches(source.Code)
        select $"{source.Path}: {match.Value.Trim()} has no place in what answers requests.";

    [GeneratedRegex(@"\bProcess\.Start\b|\bProcessStartInfo\b|\bnew\s+Process\b|\bStdioClientTransport\b|\bCSharpScript\b|\bCSharpCompilation\b|\bAssembly\.Load\w*|\bAssemblyLoadContext\b|\bBinaryFormatter\b|\bTypeNameHandling\b|\bXslCompiledTransform\b|\.Compute\s*\(\s*""|\bDynamicExpressionParser\b|\bMarkupString\b|\bAddMarkupContent\b|\bDllImport\b|\bLibraryImport\b")]
    private static partial Regex Dangerous();
}
