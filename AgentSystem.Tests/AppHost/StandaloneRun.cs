using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Tests.AppHost;

/// <summary>Starts the built AppHost as its own process, on a data folder and ports of the test.</summary>
internal sealed class StandaloneRun : IAsyncDisposable
{
    private readonly List<TestProcess> processes = [];

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "agentsystem-run-" + Path.GetRandomFileName());

    public string LockFile => Path.Combine(Folder, "lock");

    public string PostmasterFile => Path.Combine(Folder, "postgres", "postmaster.pid");

    private static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(here.Parent!.Parent!.FullName, "AgentSystem.AppHost", here.Name, "AgentSystem.AppHost.dll");
        }
    }

    /// <summary>Tests of the standalone system mean nothing in a build of the Aspire model.</summary>
    public static void SkipInTheAspireWorld() =>
        Assert.SkipWhen(AgentSystem.AppHost.World.Name == "aspire", "This build is the Aspire model; the standalone system is built where the feed has no Aspire.");

    public TestProcess Start(params (string Name, string Value)[] environment) => Start([], null, environment);

    public TestProcess Start(string[] arguments, string? user, params (string Name, string Value)[] environment)
    {
        SkipInTheAspireWorld();
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { WorkingDirectory = "/" };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("AGENTSYSTEM_", StringComparison.Ordinal) || name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["AGENTSYSTEM_DATA"] = Folder;
        start.Environment["AGENTSYSTEM_API_URL"] = "http://127.0.0.1:0";
        start.Environment["AGENTSYSTEM_WEB_URL"] = "http://127.0.0.1:0";
        // Starting and stopping is what these tests are about; a remote model in the shipped one's place needs no time to load, and nobody calls it.
        start.Environment["Models__small__Provider"] = "openai";
        start.Environment["Models__small__Model"] = "unused";
        start.Environment["Models__small__Endpoint"] = "http://127.0.0.1:9/v1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        if (user is not null)
        {
            start.UserName = user;
            start.Environment["HOME"] = Folder;
        }

        var process = TestProcess.Start(start);
        processes.Add(process);
        return process;
    }

    /// <summary>
    /// A build tree serves the console's assets from its builder's package folder, which another user may not read:
    /// copies them into the run's folder and gives the path of a manifest that says so.
    /// </summary>
    public string CopyAssets()
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Program)!, "AgentSystem.Web.staticwebassets.runtime.json")))!;
        var roots = manifest["ContentRoots"]!.AsArray();
        for (var index = 0; index < roots.Count; index++)
        {
            var from = roots[index]!.GetValue<string>();
            var to = Directory.CreateDirectory(Path.Combine(Folder, "assets", $"{index}")).FullName;
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            roots[index] = to + Path.DirectorySeparatorChar;
        }

        var path = Path.Combine(Folder, "assets", "manifest.json");
        File.WriteAllText(path, manifest.ToJsonString());
        return path;
    }

    /// <summary>Waits for the banner and gives the two addresses in it.</summary>
    public static async Task<(Uri Api, Uri Web)> AddressesAsync(TestProcess process) =>
        (await AddressAsync(process, "  API "), await AddressAsync(process, "  console "));

    /// <summary>The process ends by itself with one line on standard error.</summary>
    public static async Task<string> RefusalAsync(TestProcess process)
    {
        Assert.Equal(1, await process.ExitAsync());
        return Assert.Single(process.Errors);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        if (Directory.Exists(Folder))
        {
            await EmbeddedPostgres.RemoveAsync(Folder, NullLogger.Instance, CancellationToken.None);
        }
    }

    private static async Task<Uri> AddressAsync(TestProcess process, string label)
    {
        var line = await process.LineAsync(line => line.StartsWith(label, StringComparison.Ordinal));
        return new Uri(line[label.Length..].Trim());
    }
}
