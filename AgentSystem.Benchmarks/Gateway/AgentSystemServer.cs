using System.Globalization;
using AgentSystem.Api;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.Benchmarks.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Benchmarks.Gateway;

/// <summary>
/// The API as it is served in production, over a PostgreSQL of its own whose commits survive a power cut: keys, limits, cache, routing, breakers, quality and facts are all on.
/// The model of the seeded agents is the scripted one.
/// </summary>
internal static class AgentSystemServer
{
    public const string Name = "agentsystem";

    /// <summary>The bare model on the wire.</summary>
    public const string BareModel = "model:small";

    /// <summary>The seeded agent on the wire.</summary>
    public const string Agent = "assistant";

    /// <summary>Runs at once; more than the most connections, so that the limit of a small default is not what is measured.</summary>
    public const int Slots = 128;

    public const string Key = "as-benchmark-key-0123456789-0123456789";

    /// <param name="arguments">The model's address and a folder for the database.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task ServeAsync(string[] arguments, CancellationToken stop)
    {
        var (upstream, folder) = (arguments[0].TrimEnd('/'), arguments[1]);
        var postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder }, NullLogger.Instance, stop);
        try
        {
            await using var app = ApiHost.Build([], builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:postgres"] = postgres.ConnectionString,
                ["AGENTSYSTEM_API_URL"] = "http://127.0.0.1:0",
                ["AGENTSYSTEM_ROOT_KEY"] = "a-root-key-of-a-benchmark-0123456789-0123456789",
                ["AGENTSYSTEM_ADMIN_KEY"] = Key,
                ["AGENTSYSTEM_DATA"] = folder,
                ["Models:small:Provider"] = "openai",
                ["Models:small:Model"] = "up",
                ["Models:small:Endpoint"] = $"{upstream}/v1",
                ["Routing:Slots"] = $"{Slots}",
            }));
            await ApiHost.PrepareAsync(app, stop);
            await app.StartAsync(stop);
            await Role.AnnounceAsync(app.Urls.First(), Postmaster(postgres.DataFolder));
            await Role.EndAsync(stop);
            await app.StopAsync(CancellationToken.None);
        }
        finally
        {
            await postgres.DisposeAsync();
            await EmbeddedPostgres.RemoveAsync(folder, NullLogger.Instance, CancellationToken.None);
        }
    }

    // The first line of postmaster.pid is the server's process, a session of its own and nobody's child.
    private static int Postmaster(string folder) => int.Parse(File.ReadLines(Path.Combine(folder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
