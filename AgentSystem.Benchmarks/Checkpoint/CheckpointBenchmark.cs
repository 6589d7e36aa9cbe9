using AgentSystem.Benchmarks.Checkpoint.LangGraph;
using AgentSystem.Benchmarks.Checkpoint.Postgres;
using AgentSystem.Benchmarks.Servers.Postgres;

namespace AgentSystem.Benchmarks.Checkpoint;

/// <summary>Supersteps per second of our journal of runs and of LangGraph.js' checkpointer on one server; then the server is killed with -9 and both must find every step again.</summary>
internal static class CheckpointBenchmark
{
    private static readonly CheckpointPlan Whole = new(Rounds: 9, Threads: 32, Seconds: 5, WithLangGraph: true);

    public static Task<Report> RunAsync(CancellationToken cancellation) => RunAsync(Whole, cancellation);

    public static async Task<Report> RunAsync(CheckpointPlan plan, CancellationToken cancellation)
    {
        var missing = plan.WithLangGraph ? await LangGraphSaver.PrepareAsync(cancellation) : "this plan leaves it out";
        await using var server = await DurableServer.StartAsync("checkpoint", cancellation);
        List<Func<ICheckpointer>> starts = [() => new RunJournalSide(server)];
        if (missing is null)
        {
            starts.Add(() => LangGraphSaver.Start(server));
        }

        var rounds = await MeasureAsync(plan, starts, cancellation);
        await server.KillAndStartAsync(cancellation);
        var identical = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var start in starts)
        {
            await using var side = start();
            identical[side.Name] = await side.CheckAsync(Round(plan.Rounds - 1), plan.Threads, rounds[^1][side.Name].Milliseconds.Count, cancellation);
        }

        return new Report(
            "checkpoint",
            $"closed loops of {plan.Threads} threads for {plan.Seconds} s a round against {DurableServer.Description}; four channels, four writes and 8 KB of state in each superstep",
            ["journal", "supersteps/s", "p50 ms", "p99 ms", "times LangGraph", "p50 to LangGraph", "found again after kill -9"],
            [.. identical.Select(side => Row(side.Key, side.Value, rounds))],
            [.. Notes(missing)],
            plan.Rounds);
    }

    private static async Task<IReadOnlyList<Dictionary<string, Supersteps>>> MeasureAsync(CheckpointPlan plan, IReadOnlyList<Func<ICheckpointer>> starts, CancellationToken cancellation)
    {
        ICheckpointer[] sides = [.. starts.Select(static start => start())];
        try
        {
            foreach (var side in sides)
            {
                await side.MeasureAsync("warm", plan.Threads, TimeSpan.FromSeconds(plan.Seconds), cancellation);
            }

            var rounds = new List<Dictionary<string, Supersteps>>();
            for (var round = 0; round < plan.Rounds; round++)
            {
                var found = new Dictionary<string, Supersteps>(StringComparer.Ordinal);
                foreach (var side in round % 2 == 0 ? sides : sides.Reverse())
                {
                    found[side.Name] = await side.MeasureAsync(Round(round), plan.Threads, TimeSpan.FromSeconds(plan.Seconds), cancellation);
                }

                rounds.Add(found);
            }

            return rounds;
        }
        finally
        {
            foreach (var side in sides)
            {
                await side.DisposeAsync();
            }
        }
    }

    private static string Round(int number) => $"round-{number}";

    private static IReadOnlyList<object> Row(string name, bool identical, IReadOnlyList<Dictionary<string, Supersteps>> rounds)
    {
        Spread Of(Func<Supersteps, double> figure) => Spread.Of(rounds.Select(round => figure(round[name])));
        object Against(Func<Supersteps, double> figure) => name == LangGraphSaver.Label || !rounds[0].ContainsKey(LangGraphSaver.Label)
            ? "-"
            : Spread.Of(rounds.Select(round => figure(round[name]) / figure(round[LangGraphSaver.Label])));
        return [name, Of(PerSecond), Of(Middle), Of(static steps => Quantile(steps, .99)), Against(PerSecond), Against(Middle), identical ? "all, identical" : "NOT identical"];
    }

    private static double PerSecond(Supersteps steps) => steps.Milliseconds.Count / steps.Seconds;

    private static double Middle(Supersteps steps) => Quantile(steps, .5);

    private static double Quantile(Supersteps steps, double share) => steps.Milliseconds.Order().ElementAt((int)Math.Ceiling(steps.Milliseconds.Count * share) - 1);

    private static IEnumerable<string> Notes(string? missing)
    {
        yield return "Median over the rounds with lowest and highest; ratios are taken within each round. All share the machine's processors with the server.";
        yield return "AgentSystem: a superstep is one step of a run: it ends with its 8 KB result and the next begins, in one durable write as the loop of a run does it, under the lease's fencing token, with row security and the events of both; runs that step at the same time share a statement and a commit.";
        yield return "LangGraph.js: putWrites with four writes of one task, then put of a checkpoint whose four channels all changed, through a pool of as many connections as threads; no graph around it.";
        yield return "found again: PostgreSQL is killed with -9 and started anew, both sides are opened anew, and every step of the last round must be there in its order with exactly what was recorded.";
        if (missing is not null)
        {
            yield return $"{LangGraphSaver.Label}: not measured: {missing}.";
        }
    }
}

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often each side.</param>
/// <param name="Threads">Runs, or threads of a graph, that step at once.</param>
/// <param name="Seconds">Length of a round and side.</param>
/// <param name="WithLangGraph">Whether the peer on Node is measured, which may have to be installed.</param>
internal sealed record CheckpointPlan(int Rounds, int Threads, int Seconds, bool WithLangGraph);
