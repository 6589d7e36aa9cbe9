using AgentSystem.Benchmarks.Queue.Graphile;
using AgentSystem.Benchmarks.Queue.Hangfire;
using AgentSystem.Benchmarks.Queue.Postgres;
using AgentSystem.Benchmarks.Servers.Postgres;

namespace AgentSystem.Benchmarks.Queue;

/// <summary>Durable jobs that do nothing, through our queue of runs, graphile-worker and Hangfire, in turns on one server; once more with a transaction held open that keeps the dead rows.</summary>
internal static class QueueBenchmark
{
    private static readonly QueuePlan Whole = new(Rounds: 5, Jobs: 2_000, Concurrency: 24, WithGraphile: true);

    /// <summary>Jobs that graphile-worker locks ahead in its published fast settings.</summary>
    private const int Ahead = 500;

    public static Task<Report> RunAsync(CancellationToken cancellation) => RunAsync(Whole, cancellation);

    public static async Task<Report> RunAsync(QueuePlan plan, CancellationToken cancellation)
    {
        var missing = plan.WithGraphile ? await GraphileQueue.PrepareAsync(cancellation) : "this plan leaves it out";
        await using var server = await DurableServer.StartAsync("queue", cancellation);
        await server.ExecuteAsync("CREATE EXTENSION pgstattuple", cancellation);
        IJobQueue[] queues =
        [
            .. await RunsQueue.StartAsync(server, [plan.Concurrency, Ahead], cancellation),
            .. missing is null ? new IJobQueue[] { GraphileQueue.Start(server) } : [],
            new HangfireQueue(server),
        ];
        IReadOnlyList<Dictionary<(string Queue, bool Held), QueueFigures>> rounds;
        try
        {
            rounds = await MeasureAsync(server, queues, plan, cancellation);
        }
        finally
        {
            foreach (var queue in queues)
            {
                await queue.DisposeAsync();
            }
        }

        return new Report(
            "queue",
            $"{plan.Jobs} jobs a round, submitted one a call by {plan.Concurrency} callers and then run {plan.Concurrency} at once (places: so many of ours), against {DurableServer.Description}",
            ["queue", "submitted/s", "run/s", "submit to graphile", "run to graphile", "run to hangfire", "run/s, held", "loss % when held", "dead rows when held"],
            [.. queues.Select(queue => Row(queue.Name, rounds))],
            [.. Notes(missing)],
            plan.Rounds);
    }

    private static async Task<IReadOnlyList<Dictionary<(string Queue, bool Held), QueueFigures>>> MeasureAsync(
        DurableServer server, IReadOnlyList<IJobQueue> queues, QueuePlan plan, CancellationToken cancellation)
    {
        foreach (var queue in queues)
        {
            await MeasureAsync(server, queue, plan with { Jobs = plan.Jobs / 4 }, held: false, cancellation);
        }

        var rounds = new List<Dictionary<(string, bool), QueueFigures>>();
        for (var round = 0; round < plan.Rounds; round++)
        {
            var found = new Dictionary<(string, bool), QueueFigures>();
            foreach (var queue in round % 2 == 0 ? queues : queues.Reverse())
            {
                found[(queue.Name, false)] = await MeasureAsync(server, queue, plan, held: false, cancellation);
                if (queue is not HangfireQueue)
                {
                    found[(queue.Name, true)] = await MeasureAsync(server, queue, plan, held: true, cancellation);
                }
            }

            rounds.Add(found);
        }

        return rounds;
    }

    private static async Task<QueueFigures> MeasureAsync(DurableServer server, IJobQueue queue, QueuePlan plan, bool held, CancellationToken cancellation)
    {
        QueueFigures figures;
        await using (held ? await server.HoldAsync(cancellation) : null)
        {
            var submit = await queue.SubmitAsync(plan.Jobs, plan.Concurrency, cancellation);
            var work = await queue.WorkAsync(plan.Jobs, plan.Concurrency, cancellation);
            figures = new QueueFigures(plan.Jobs / submit, plan.Jobs / work, await server.NumberAsync($"SELECT dead_tuple_count FROM pgstattuple('{queue.HotTable}')", cancellation));
        }

        // No queue works in the garbage of the one before, nor of its own held round.
        await server.ExecuteAsync($"VACUUM ANALYZE {queue.HotTable}", cancellation);
        return figures;
    }

    private static IReadOnlyList<object> Row(string name, IReadOnlyList<Dictionary<(string, bool), QueueFigures>> rounds)
    {
        object Of(bool held, Func<QueueFigures, double> figure) => SpreadOf(rounds.Where(round => round.ContainsKey((name, held))).Select(round => figure(round[(name, held)])));
        object Against(string peer, Func<QueueFigures, double> figure) => peer == name
            ? "-"
            : SpreadOf(rounds.Where(round => round.ContainsKey((peer, false))).Select(round => figure(round[(name, false)]) / figure(round[(peer, false)])));
        var loss = SpreadOf(rounds.Where(round => round.ContainsKey((name, true))).Select(round => 100 * (1 - (round[(name, true)].RunPerSecond / round[(name, false)].RunPerSecond))));
        return
        [
            name, Of(false, each => each.SubmittedPerSecond), Of(false, each => each.RunPerSecond),
            Against(GraphileQueue.Label, each => each.SubmittedPerSecond), Against(GraphileQueue.Label, each => each.RunPerSecond), Against(HangfireQueue.Label, each => each.RunPerSecond),
            Of(true, each => each.RunPerSecond), loss, Of(true, each => each.DeadRows),
        ];
    }

    private static object SpreadOf(IEnumerable<double> figures) => figures.ToArray() is { Length: > 0 } some ? Spread.Of(some) : "-";

    private static IEnumerable<string> Notes(string? missing)
    {
        yield return "Median over the rounds with lowest and highest; ratios and losses are taken within each round. A queue's table is vacuumed before its next turn.";
        yield return "AgentSystem: whole runs through the ports of the API and the workers, without HTTP and without an agent: four tenants that take turns, row security, a lease and a fencing token, four events of each run, and the run kept as history. Places are Runs:Concurrency: so many runs a worker claims and executes at once; the second row claims as many ahead as graphile-worker. The others delete a job when it is done (graphile-worker) or keep it a day (Hangfire).";
        yield return "graphile-worker: localQueue 500, completeJobBatchDelay 0, named statements; its clock starts with its first job. Hangfire: defaults, but an empty queue is looked at every 100 ms. All share the machine's processors with the server.";
        yield return "held: a repeatable-read transaction is open from before the submission to after the last job, so no dead row can be cleaned up; dead rows are counted by pgstattuple in the table that jobs are claimed from.";
        if (missing is not null)
        {
            yield return $"{GraphileQueue.Label}: not measured: {missing}.";
        }
    }
}

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often each queue, once plainly and once with a transaction held.</param>
/// <param name="Jobs">In each.</param>
/// <param name="Concurrency">Callers that submit, and jobs that run at once.</param>
/// <param name="WithGraphile">Whether the peer on Node is measured, which may have to be installed.</param>
internal sealed record QueuePlan(int Rounds, int Jobs, int Concurrency, bool WithGraphile);

/// <summary>What one queue did in one round.</summary>
internal sealed record QueueFigures(double SubmittedPerSecond, double RunPerSecond, double DeadRows);
