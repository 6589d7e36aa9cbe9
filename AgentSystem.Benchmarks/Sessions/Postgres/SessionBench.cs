using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentSystem.Benchmarks.Servers.Postgres;
using AgentSystem.Runtime.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Benchmarks.Sessions.Postgres;

/// <summary>pgbench's tables and ours side by side on one server.</summary>
internal sealed partial class SessionBench : IAsyncDisposable
{
    private const string Tenant = "default";

    /// <summary>Writers that fill our side; they share commits as all do.</summary>
    private const int Fillers = 512;

    private readonly DurableServer server;
    private readonly ServiceProvider services;
    private readonly ISessionStore store;
    private readonly long[] versions;

    private SessionBench(DurableServer server, StateBench bench)
    {
        this.server = server;
        services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton(server.Source).AddSessions().BuildServiceProvider();
        store = services.GetRequiredService<ISessionStore>();
        versions = new long[bench.Sessions];
    }

    /// <summary>Starts the server and fills both sides' tables.</summary>
    public static async Task<SessionBench> StartAsync(StateBench bench, CancellationToken cancellation)
    {
        var made = new SessionBench(await DurableServer.StartAsync("state", cancellation), bench);
        try
        {
            await made.server.RunProgramAsync("pgbench", ["-i", "-q", "-s", Text(bench.Scale)], cancellation);
            await made.FillAsync(cancellation);
            await made.server.ExecuteAsync("VACUUM ANALYZE", cancellation);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>One round of <c>pgbench -N</c>.</summary>
    public async Task<Figures> PgbenchAsync(int clients, int seconds, CancellationToken cancellation)
    {
        var said = await server.RunProgramAsync("pgbench", ["-N", "-n", "-c", Text(clients), "-j", Text(Math.Min(clients, Environment.ProcessorCount)), "-T", Text(seconds)], cancellation);
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
        await server.DisposeAsync();
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

    private Task FillAsync(CancellationToken cancellation) => Parallel.ForEachAsync(
        Enumerable.Range(0, versions.Length), new ParallelOptions { MaxDegreeOfParallelism = Fillers, CancellationToken = cancellation }, async (session, _) => await ChangeAsync(session, 0));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Number(Regex pattern, string said) => double.Parse(pattern.Match(said).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();

    [GeneratedRegex(@"latency average = ([\d.]+) ms")]
    private static partial Regex Latency();
}
