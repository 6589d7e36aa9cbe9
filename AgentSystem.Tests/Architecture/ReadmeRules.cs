using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>What the words of the repository promise is there.</summary>
internal static partial class ReadmeRules
{
    public const int MaxCapabilityLines = 40;

    private static readonly string[] Planes = ["AgentSystem.Runtime", "AgentSystem.Control"];

    /// <summary>Every capability folder of a plane has a short README.</summary>
    public static IEnumerable<string> CheckCapabilities(IReadOnlyCollection<SourceFile> files)
    {
        var folders = files.Where(file => file.IsCode && Planes.Contains(file.Project) && file.Capability is not null)
            .Select(file => $"{file.Project}/{file.Capability}").Distinct();
        foreach (var folder in folders)
        {
            var readme = files.FirstOrDefault(file => file.Path == $"{folder}/README.md");
            if (readme is null)
            {
                yield return $"{folder}/: has no README.md.";
            }
            else if (readme.Lines.Length > MaxCapabilityLines)
            {
                yield return $"{readme.Path}: {readme.Lines.Length} lines, at most {MaxCapabilityLines}.";
            }
        }
    }

    /// <summary>Every back-ticked word that looks like a C# name occurs in the code, so no README explains a dead type.</summary>
    public static IEnumerable<string> CheckNames(IEnumerable<SourceFile> documents, IEnumerable<SourceFile> sources)
    {
        var known = sources.SelectMany(source => Identifier().Matches(source.Code).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);
        // Project and folder names, settings sections and package names are names too, and appear in the tree rather than in code.
        known.UnionWith(sources.SelectMany(source => source.Segments).SelectMany(segment => segment.Split('.')));
        return from document in documents
               from word in Spans(document)
               where TypeName().IsMatch(word)
               from part in Identifier().Matches(word).Select(match => match.Value)
               where char.IsUpper(part[0]) && !known.Contains(part)
               select $"{document.Path}: `{word}` is nowhere in the sources.";
    }

    /// <summary>Links and back-ticked paths lead somewhere.</summary>
    public static IEnumerable<string> CheckPaths(IEnumerable<SourceFile> documents, Func<string, bool> exists)
    {
        foreach (var document in documents)
        {
            var folder = string.Join('/', document.Folders);
            foreach (Match link in Link().Matches(Fence().Replace(document.Text, "")))
            {
                var target = link.Groups["target"].Value.Split('#')[0];
                if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !exists(Resolve(folder, target)))
                {
                    yield return $"{document.Path}: the link to {target} leads nowhere.";
                }
            }

            foreach (var path in Spans(document).Where(word => RepositoryPath().IsMatch(word)))
            {
                if (!exists(path) && !exists(Resolve(folder, path)))
                {
                    yield return $"{document.Path}: `{path}` does not exist.";
                }
            }

            foreach (Match command in RunCommand().Matches(document.Text))
            {
                var project = command.Groups["project"].Value;
                if (!exists($"{project}/{project}.csproj"))
                {
                    yield return $"{document.Path}: a command names the project {project}, which does not exist.";
                }
            }
        }
    }

    /// <summary>The commands of a document's shell blocks, without comments.</summary>
    public static IEnumerable<string> Commands(SourceFile document) =>
        from Match block in ShellBlock().Matches(document.Text)
        from line in block.Groups["body"].Value.Split('\n')
        let command = line.Split(" #")[0].Trim()
        where command.Length > 0 && !command.StartsWith('#')
        select command;

    private static IEnumerable<string> Spans(SourceFile document) => CodeSpan().Matches(Fence().Replace(document.Text, "")).Select(match => match.Groups["code"].Value);

    private static string Resolve(string folder, string target)
    {
        var parts = new List<string>(folder.Length == 0 ? [] : folder.Split('/'));
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    [GeneratedRegex(@"\b[A-Za-z_]\w*")]
    private static partial Regex Identifier();

    // IMemoryStore, AddMemory(), MemoryScope.Tenant, ListPage<T>; not POST, not README.md, not a sentence.
    [GeneratedRegex(@"^(?=[^a-z]*[A-Z]\w*[a-z])[A-Z]\w+(?:\.[A-Z]\w+)*(?:<[\w, ]+>)?(?:\(\))?$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^(?:AgentSystem\.\w+|docs|eng|models|\.ci)/[\w./-]*$")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"(?<!`)`(?<code>[^`\n]+)`(?!`)")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"--project\s+(?<project>[\w.]+)")]
    private static partial Regex RunCommand();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^```(?:bash|sh|console)\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
