using AgentSystem.Benchmarks.Servers.Postgres;
using AgentSystem.Benchmarks.Sessions.Postgres;

namespace AgentSystem.Benchmarks.Sessions;

/// <summary>Strong updates of agents' sessions per second, each acknowledged after its commit is on the disk, against PostgreSQL's own benchmark on the same server in the same run.</summary>
internal static class StateBenchmark
{
    /// <summary>Two sides for 4 s, nine rounds, three numbers of clients: 216 s, and about 20 to fill the tables.</summary>
    private static readonly StateBench Whole = new(Rounds: 9, Clients: [16, 64, 256], Seconds: 4, Sessions: 100_000, Scale: 10);

    public static Task<Report> RunAsync(CancellationToken cancellation) => RunAsync(Whole, cancellation);

    public static async Task<Report> RunAsync(StateBench bench, CancellationToken cancellation)
    {
        await using var server = await SessionBench.StartAsync(bench, cancellation);
        var rows = new List<IReadOnlyList<object>>();
        foreach (var clients in bench.Clients)
        {
            await server.UpdateAsync(clients, 1, cancellation);
            var rounds = new List<(Figures Theirs, Figures Ours)>();
            for (var round = 0; round < bench.Rounds; round++)
            {
                // Who goes first changes with the round: what slows the machine down slowly slows both down.
                var theirs = round % 2 == 0 ? await server.PgbenchAsync(clients, bench.Seconds, cancellation) : null;
                var ours = await server.UpdateAsync(clients, bench.Seconds, cancellation);
                rounds.Add((theirs ?? await server.PgbenchAsync(clients, bench.Seconds, cancellation), ours));
            }

            rows.Add(Row($"pgbench -N, {clients} clients", rounds.Select(static round => round.Theirs), rounds.Select(static _ => 1.0)));
            rows.Add(Row($"AgentSystem, {clients} clients", rounds.Select(static round => round.Ours), rounds.Select(static round => round.Ours.PerSecond / round.Theirs.PerSecond)));
        }

        return new Report(
            "state",
            $"closed loops for {bench.Seconds} s a round against {DurableServer.Description}; {bench.Sessions} sessions, pgbench scale {bench.Scale}",
            ["what", "acknowledged updates/s", "mean ms", "p99 ms", "times pgbench"],
            rows,
            [
                "Median over the rounds with lowest and highest; the ratio is taken within each round.",
                "An update of ours changes one key of a random session (about 100 bytes of JSON) by compare and set, through the store that the API calls, without HTTP. pgbench -N does an update, a select and an insert per transaction over its simple protocol; it gives no p99.",
                "Updates that come together share a commit: that is where the ratio comes from, and what costs latency when few come. Both sides and the server share the machine's processors.",
            ],
            bench.Rounds);
    }

    private static IReadOnlyList<object> Row(string what, IEnumerable<Figures> figures, IEnumerable<double> ratios)
    {
        var all = figures.ToList();
        return [what, Spread.Of(all.Select(static each => each.PerSecond)), Spread.Of(all.Select(static each => each.MeanMs)), all[0].P99Ms is null ? "" : Spread.Of(all.Select(static each => each.P99Ms!.Value)), Spread.Of(ratios)];
    }
}

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often each side.</param>
/// <param name="Clients">Numbers of closed loops.</param>
/// <param name="Seconds">Length of a round and side.</param>
/// <param name="Sessions">Sessions that are updated at random.</param>
/// <param name="Scale">pgbench's; 100,000 rows each.</param>
internal sealed record StateBench(int Rounds, IReadOnlyList<int> Clients, int Seconds, int Sessions, int Scale);

/// <summary>What one side did in one round.</summary>
/// <param name="P99Ms">Null where it is not told.</param>
internal sealed record Figures(double PerSecond, double MeanMs, double? P99Ms);
