using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>Every option of an options class stands in docs/configuration.md, and every setting there exists in the code.</summary>
internal static partial class SettingsRules
{
    /// <summary>Sections without an options class: the names in them are the operator's, or .NET's.</summary>
    private static readonly string[] Open = ["ConnectionStrings:", "DataProtection:", "Logging:", "Services:ROLE"];

    public static IEnumerable<string> Check(IEnumerable<SourceFile> sources, SourceFile document)
    {
        var options = sources.Where(source => source.Name.EndsWith("Options.cs", StringComparison.Ordinal)).ToArray();
        var documented = Setting().Matches(document.Text).Select(match => match.Groups["key"].Value).ToArray();
        var properties = options.SelectMany(source => Property().Matches(source.Code).Select(match => (source.Path, Name: match.Groups["name"].Value))).ToArray();

        foreach (var property in properties.Where(property => !documented.Any(key => Last(key) == property.Name)))
        {
            yield return $"{document.Path}: {property.Name} of {property.Path} is missing.";
        }

        foreach (var key in documented.Where(key => key.Contains(':', StringComparison.Ordinal) && !Open.Any(section => key.StartsWith(section, StringComparison.Ordinal)) && !properties.Any(property => property.Name == Last(key))))
        {
            yield return $"{document.Path}: {key} is no option of the code.";
        }
    }

    private static string Last(string key) => key[(key.LastIndexOf(':') + 1)..];

    [GeneratedRegex(@"^\| `(?<key>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Setting();

    // What configuration can set: a public property with a setter (init-only ones are set by code).
    [GeneratedRegex(@"\bpublic\s+[\w<>,.?\[\] ]+?\s(?<name>[A-Z]\w*)\s*\{\s*get;\s*set;\s*\}")]
    private static partial Regex Property();
}
