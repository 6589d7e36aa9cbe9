using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentSystem.AppHost.Embedded;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentSystem.Benchmarks.Sessions.Postgres;

/// <summary>A durable server of the benchmark's own, with pgbench's tables and ours side by side.</summary>
internal sealed partial class BenchServer : IAsyncDisposable
{
    private const string Tenant = "default";

    private readonly string folder;
    private readonly EmbeddedPostgres postgres;
    private readonly PostgresBinaries binaries;
    private readonly NpgsqlDataSource source;
    private readonly ServiceProvider services;
    private readonly ISessionStore store;
    private readonly long[] versions;

    private BenchServer(string folder, EmbeddedPostgres postgres, PostgresBinaries binaries, StateBench bench)
    {
        (this.folder, this.postgres, this.binaries) = (folder, postgres, binaries);
        source = NpgsqlDataSource.Create(postgres.ConnectionString);
        services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton(source).AddSessions().BuildServiceProvider();
        store = services.GetRequiredService<ISessionStore>();
        versions = new long[bench.Sessions];
    }

    /// <summary>Starts the server and fills both sides' tables.</summary>
    public static async Task<BenchServer> StartAsync(StateBench bench, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"agentsystem-state-{Environment.ProcessId}-{Path.GetRandomFileName()}");
        var postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder }, NullLogger.Instance, cancellation);
        var server = new BenchServer(folder, postgres, await PostgresBinaries.FindAsync(null, null, cancellation), bench);
        await RuntimeSchema.MigrateRuntimeAsync(server.source, cancellation);
        await server.RunPgbenchAsync(["-i", "-q", "-s", Text(bench.Scale)], cancellation);
        await server.FillAsync();
        await using var analyse = server.source.CreateCommand("VACUUM ANALYZE");
        await analyse.ExecuteNonQueryAsync(cancellation);
        return server;
    }

    /// <summary>One round of <c>pgbench -N</c>.</summary>
    public async Task<Figures> PgbenchAsync(int clients, int seconds, CancellationToken cancellation)
    {
        var said = await RunPgbenchAsync(["-N", "-n", "-c", Text(clients), "-j", Text(Math.Min(clients, Environment.ProcessorCount)), "-T", Text(seconds)], cancellation);
        return new Figures(Number(Tps(), said), Number(Latency(), said), null);
    }

    /// <summary>One round of our updates. Every one is checked to be acknowledged at the version after the last.</summary>
    public async Task<Figures> UpdateAsync(int clients, int seconds, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var clock = Stopwatch.StartNew();
        end.CancelAfter(TimeSpan.FromSeconds(seconds));
        // Each client has sessions of its own, so that a compare-and-set that is lost is an error of ours.
        var share = versions.Length / clients;
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => LoopAsync(client, share, end.Token), cancellation)));
        var elapsed = clock.Elapsed.TotalSeconds;
        var sorted = times.SelectMany(static each => each).Order().ToArray();
        return new Figures(sorted.Length / elapsed, sorted.Average(), sorted[(int)Math.Ceiling(sorted.Length * .99) - 1]);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await source.DisposeAsync();
        await postgres.DisposeAsync();
        await EmbeddedPostgres.RemoveAsync(folder, NullLogger.Instance, CancellationToken.None);
    }

    private async Task<List<double>> LoopAsync(int client, int share, CancellationToken end)
    {
        var (chance, times) = (new Random(client), new List<double>());
        while (!end.IsCancellationRequested)
        {
            var session = (client * share) + chance.Next(share);
            var began = Stopwatch.GetTimestamp();
            await ChangeAsync(session, chance.Next());
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return times;
    }

    private async Task ChangeAsync(int session, int value)
    {
        var verdict = await store.ChangeAsync(
            new SessionChange(new SessionScope(Tenant, null), new SessionName("assistant", $"session-{session}"),
                [new KeyChange("state", KeyAction.Replace, $$"""{"step":{{value}},"note":"{{new string('x', 80)}}"}""")], new SessionWriter("key_bench", "assistant", "key:bench"))
            {
                TransactionId = "txn_bench",
                Match = new SessionMatch(versions[session]),
            },
            CancellationToken.None);
        if (verdict.Done?.Version != ++versions[session])
        {
            throw new InvalidOperationException($"An update of session {session} was not kept: {verdict.Refusal?.Message}");
        }
    }

    private Task FillAsync() => Parallel.ForEachAsync(Enumerable.Range(0, versions.Length), new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (session, _) => await ChangeAsync(session, 0));

    private async Task<string> RunPgbenchAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var where = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        var result = await new Command(null).RunAsync(binaries.Beside("pgbench"), ["-h", where.Host!, "-U", where.Username!, .. arguments, where.Database!], cancellation);
        return result.Succeeded ? result.Said : throw new InvalidOperationException($"pgbench: {result.Said}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Number(Regex pattern, string said) => double.Parse(pattern.Match(said).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();

    [GeneratedRegex(@"latency average = ([\d.]+) ms")]
    private static partial Regex Latency();
}
