using AgentSystem.Benchmarks.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace AgentSystem.Benchmarks.Gateway.Yarp;

/// <summary>The least a gateway in .NET can be: one YARP route to the model, which looks at nothing.</summary>
internal static class YarpRoute
{
    public const string Name = "yarp";

    /// <param name="arguments">The model's address.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task ServeAsync(string[] arguments, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "model", Match = new RouteMatch { Path = "{**rest}" } }],
            [new ClusterConfig { ClusterId = "model", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = arguments[0] } } }]);
        await using var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync(stop);
        await Role.AnnounceAsync(app.Urls.First());
        await Role.EndAsync(stop);
    }
}
