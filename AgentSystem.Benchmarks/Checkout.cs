namespace AgentSystem.Benchmarks;

/// <summary>The repository this program was built in.</summary>
internal static class Checkout
{
    /// <summary>The folder of AgentSystem.sln, found upwards from this program.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary><c>release</c> or <c>debug</c>: how this program, and with it every project it references, was built.</summary>
    public static string Configuration { get; } = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AgentSystem.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No AgentSystem.sln above {AppContext.BaseDirectory}: run the benchmarks from a checkout.");
    }
}
