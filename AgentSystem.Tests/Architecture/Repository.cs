using System.Text;

namespace AgentSystem.Tests.Architecture;

/// <summary>The repository as its files are, so that a rule also sees what no compiler looks at.</summary>
internal static class Repository
{
    private static readonly string[] TextEndings =
    [
        ".cs", ".razor", ".css", ".js", ".mjs", ".ts", ".py", ".sh", ".md", ".txt", ".json", ".csproj", ".proj", ".props", ".targets",
        ".sln", ".yaml", ".yml", ".html", ".sql", ".config", ".npmrc", ".editorconfig", ".gitignore", ".gitattributes", "/run",
    ];

    /// <summary>The folder that holds AgentSystem.sln, found upwards from the test binaries.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every text file that git would carry, by path.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = ReadFiles();

    /// <summary>The projects, read from their files.</summary>
    public static IReadOnlyList<ProjectFile> Projects { get; } = [.. Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).Select(ProjectFile.Parse)];

    /// <summary>C# and Razor sources of what ships: everything but the tests and the benchmarks.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } =
        [.. Files.Where(file => file.IsCode && file.Project is { } project && project is not ("AgentSystem.Tests" or "AgentSystem.Benchmarks"))];

    public static SourceFile File(string path) =>
        Files.FirstOrDefault(file => file.Path == path) ?? throw new FileNotFoundException($"{path} is not in the repository at {Root}.");

    public static bool Exists(string path)
    {
        var full = Path.Combine(Root, path);
        return System.IO.File.Exists(full) || Directory.Exists(full);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "AgentSystem.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No AgentSystem.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }

    private static List<SourceFile> ReadFiles()
    {
        // A source archive has no .git, so the ignored folders come from .gitignore itself rather than from git.
        var ignored = System.IO.File.ReadLines(Path.Combine(Root, ".gitignore"))
            .Where(line => line.EndsWith('/')).Select(line => line.Trim('/')).Append(".git").ToHashSet(StringComparer.Ordinal);
        var files = new List<SourceFile>();
        Walk(new DirectoryInfo(Root));
        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return files;

        void Walk(DirectoryInfo folder)
        {
            foreach (var file in folder.EnumerateFiles())
            {
                var path = Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
                if (TextEndings.Any(ending => ("/" + path).EndsWith(ending, StringComparison.Ordinal)))
                {
                    files.Add(new SourceFile(path, System.IO.File.ReadAllText(file.FullName, Encoding.UTF8)));
                }
            }

            foreach (var child in folder.EnumerateDirectories().Where(child => !ignored.Contains(child.Name) && child.LinkTarget is null))
            {
                Walk(child);
            }
        }
    }
}
