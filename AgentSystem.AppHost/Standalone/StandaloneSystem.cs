using AgentSystem.AppHost.Embedded;
using AgentSystem.AppHost.Embedded.Garnet;
using AgentSystem.AppHost.Embedded.Postgres;
using Microsoft.Extensions.Logging;

namespace AgentSystem.AppHost.Standalone;

/// <summary>The whole system in this process: folder, stores, hosts. Taken down in the opposite order.</summary>
internal sealed class StandaloneSystem : IAsyncDisposable
{
    private readonly Stack<object> parts = new();
    private readonly StandaloneSettings settings;

    private StandaloneSystem(StandaloneSettings settings) => this.settings = settings;

    public string ApiUrl { get; private set; } = "";

    public string WebUrl { get; private set; } = "";

    public string Stores { get; private set; } = "";

    public string DataFolder => settings.DataFolder;

    /// <summary>Starts everything; what had been started is taken down again when something after it refuses.</summary>
    public static async Task<StandaloneSystem> StartAsync(string[] args, StandaloneSettings settings, ILoggerFactory loggers, Action<string> showKey, CancellationTokenSource stop)
    {
        var system = new StandaloneSystem(settings);
        try
        {
            await system.StartAsync(args, loggers, showKey, stop);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var failures = new List<Exception>();
        while (parts.TryPop(out var part))
        {
            try
            {
                if (part is IAsyncDisposable asynchronous)
                {
                    await asynchronous.DisposeAsync();
                }
                else
                {
                    ((IDisposable)part).Dispose();
                }
            }
            catch (Exception failure)
            {
                // A part that will not go must not keep the others: a database left running holds the data folder.
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException("Not everything could be stopped.", failures);
        }
    }

    private async Task StartAsync(string[] args, ILoggerFactory loggers, Action<string> showKey, CancellationTokenSource stop)
    {
        Listening.Check(settings);
        var folder = Add(Embedded.DataFolder.Open(settings.DataFolder));
        var shared = new Dictionary<string, string?> { ["RootKey"] = folder.RootKey(settings.RootKey), ["World"] = "standalone", [Embedded.DataFolder.Variable] = settings.DataFolder };

        var logger = loggers.CreateLogger("AgentSystem.AppHost");
        var redis = settings.OwnRedis ? Task.Run(() => EmbeddedGarnet.TryStart(settings.DataFolder, logger)) : Task.FromResult<EmbeddedGarnet?>(null);
        try
        {
            if (settings.OwnPostgres)
            {
                var postgres = Add(await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = settings.DataFolder }, logger, stop.Token));
                shared["ConnectionStrings:postgres"] = postgres.ConnectionString;
            }
        }
        finally
        {
            if (await redis is { } garnet)
            {
                shared["ConnectionStrings:redis"] = Add(garnet).ConnectionString;
            }
        }

        Stores = Describe(shared);
        var hosts = Add(new StandaloneHosts(args, settings, shared, stop));
        await hosts.StartAsync(showKey, stop.Token);
        (ApiUrl, WebUrl) = (hosts.ApiUrl, hosts.WebUrl);
    }

    private string Describe(Dictionary<string, string?> shared)
    {
        var postgres = settings.OwnPostgres ? "PostgreSQL embedded" : "PostgreSQL as configured";
        var redis = !settings.OwnRedis ? "Redis as configured" : shared.ContainsKey("ConnectionStrings:redis") ? "Garnet embedded" : "no Redis";
        return $"{postgres}, {redis}";
    }

    private T Add<T>(T part)
        where T : class
    {
        parts.Push(part);
        return part;
    }
}
