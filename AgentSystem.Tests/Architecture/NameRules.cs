using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>A folder is a capability, never a role; a name that excludes nothing collects everything.</summary>
internal static partial class NameRules
{
    private static readonly string[] Refused = ["Core", "Common", "Shared", "Utils", "Utilities", "Helpers", "Managers", "Services", "Interfaces", "Models", "Misc", "Impl"];

    /// <summary>Here "models" are what the platform's users configure, a noun of the domain.</summary>
    private static readonly string[] Nouns = ["AgentSystem.Contracts/Models", "AgentSystem.Api/Models", "AgentSystem.Web/Components/Pages/Models"];

    public static IEnumerable<string> CheckFolders(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Project is not null
        from depth in Enumerable.Range(1, file.Folders.Length)
        let folder = string.Join('/', file.Folders[..depth])
        where Refused.Contains(file.Folders[depth - 1]) && !Nouns.Contains(folder) && !Nouns.Select(noun => noun.Replace("AgentSystem.", "AgentSystem.Tests/", StringComparison.Ordinal)).Contains(folder)
        select $"{folder}/: {file.Folders[depth - 1]} names a role, not a capability.";

    /// <summary>Namespaces tell the truth: the project, then the folders.</summary>
    public static IEnumerable<string> CheckNamespaces(IEnumerable<SourceFile> sources) =>
        from source in sources
        where source.Path.EndsWith(".cs", StringComparison.Ordinal)
        from Match match in Namespace().Matches(source.Code)
        let expected = string.Join('.', source.Folders)
        where match.Groups["name"].Value != expected && !Doors.Contains(match.Groups["name"].Value)
        select $"{source.Path}: namespace {match.Groups["name"].Value}, expected {expected}.";

    /// <summary>Extension methods may sit in the namespace of what they extend, so that they are found without a using.</summary>
    private static readonly string[] Doors = ["Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Hosting"];

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
