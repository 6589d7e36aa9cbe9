using AgentSystem.Api;
using AgentSystem.Web;
using AgentSystem.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentSystem.AppHost.Standalone;

/// <summary>The three hosts in this process: started in the order of who asks whom, stopped together within <see cref="DrainTime"/>.</summary>
internal sealed class StandaloneHosts(string[] args, StandaloneSettings settings, IReadOnlyDictionary<string, string?> shared, CancellationTokenSource stop) : IAsyncDisposable
{
    /// <summary>How long requests that run may take to end. With the databases' stop it stays within the five seconds that are promised.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2.5);

    private readonly List<WebApplication> hosts = [];

    /// <summary>Outside the database, if not outside the folder: an operator names a better place.</summary>
    private (string Key, string Value) AuditRoots => ("Audit:RootsPath", Path.Combine(settings.DataFolder, "audit-roots.jsonl"));

    public string ApiUrl { get; private set; } = settings.ApiUrl;

    public string WebUrl { get; private set; } = settings.WebUrl;

    /// <param name="showKey">Gets the admin key when this start made one, before anything else can fail.</param>
    /// <param name="cancellation">Ends the start.</param>
    public async Task StartAsync(Action<string> showKey, CancellationToken cancellation)
    {
        var api = Keep(ApiHost.Build(args, builder => Prepare(builder, settings.ApiUrl, AuditRoots)));
        Validate(api);
        if (await ApiHost.PrepareAsync(api, cancellation) is { } adminKey)
        {
            showKey(adminKey);
        }

        ApiUrl = await StartAsync(api, cancellation);
        var workers = Keep(WorkersHost.Build(args, builder => Prepare(builder, "http://127.0.0.1:0", AuditRoots), besideApi: true));
        await StartAsync(workers, cancellation);
        var web = Keep(WebHost.Build(args, builder => Prepare(
            builder,
            settings.WebUrl,
            ("Api:Url", Listening.ReachableFromHere(ApiUrl)),
            ("DataProtection:Path", Path.Combine(settings.DataFolder, "console-keys")))));
        WebUrl = await StartAsync(web, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        using var drained = new CancellationTokenSource(DrainTime);
        await Task.WhenAll(hosts.Select(host => StopAsync(host, drained.Token)));
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    private WebApplication Keep(WebApplication host)
    {
        hosts.Add(host);
        return host;
    }

    private void Prepare(WebApplicationBuilder builder, string url, params ReadOnlySpan<(string Key, string Value)> own)
    {
        var values = new Dictionary<string, string?>(shared);
        foreach (var (key, value) in own)
        {
            // What the operator set for a host wins over what the surrounding process would give it.
            values[key] = builder.Configuration[key] ?? value;
        }

        builder.Configuration.AddInMemoryCollection(values);
        // Below everything else: three hosts that each tell of their start and of every request would bury what matters.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
                // The data folder is its owner's alone; there is no certificate here to wrap the key ring with.
                ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
            },
        });
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton<IHostLifetime, SurroundedLifetime>();
    }

    private async Task<string> StartAsync(WebApplication host, CancellationToken cancellation)
    {
        Validate(host);
        await host.StartAsync(cancellation);
        // A host that gives up takes the system with it: half a system looks alive and is not.
        host.Lifetime.ApplicationStopping.Register(stop.Cancel);
        return host.Urls.First();
    }

    /// <summary>Wrong options are found here, as values to tell; the host's own start would log each with a stack trace.</summary>
    private static void Validate(WebApplication host) => host.Services.GetService<IStartupValidator>()?.Validate();

    private static async Task StopAsync(WebApplication host, CancellationToken drained)
    {
        try
        {
            await host.StopAsync(drained);
        }
        catch (OperationCanceledException)
        {
            // The drain time is over and what still ran has been cut off: that is what the limit is for.
        }
    }

    /// <summary>The surrounding process takes the signals; a host of it is stopped by it alone.</summary>
    private sealed class SurroundedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
