using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(EffectsFile))]

namespace AgentSystem.Tests.Harness;

/// <summary>
/// Gives a process of the product the tool <c>pay</c> of class <c>once</c>, whose effect is a line in a file. ASP.NET Core lets an assembly that the environment names
/// add services, so the product's own programs run unchanged.
/// </summary>
public sealed class EffectsFile : IHostingStartup
{
    public const string Tool = "pay";

    private const string Variable = "AGENTSYSTEM_TEST_EFFECTS";

    /// <summary>What a process of this name needs in its environment.</summary>
    public static IEnumerable<(string Name, string Value)> Environment(string path) => [(Variable, path), ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "AgentSystem.Tests")];

    /// <summary>Ids of all calls that had their effect.</summary>
    public static string[] Read(string path) => File.Exists(path) ? [.. File.ReadAllLines(path).Where(line => line.Length > 0)] : [];

    public void Configure(IWebHostBuilder builder)
    {
        if (System.Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            builder.ConfigureServices(services => services.AddSingleton<ITool>(new CountingTool(Tool, ToolEffect.Once, (_, id) => File.AppendAllText(path, id + "\n"))));
        }
    }
}
