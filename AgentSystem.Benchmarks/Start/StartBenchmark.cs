using AgentSystem.AppHost;

namespace AgentSystem.Benchmarks.Start;

/// <summary>How long a person waits: from the command of the README, on a built tree, to readiness; after the first start, after an orderly stop, after a kill. Against what the platform promises.</summary>
internal static class StartBenchmark
{
    private const int WholeRounds = 5;

    /// <summary>Promised from <c>dotnet run --no-build</c> to <c>/ready</c>, on two processors.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    /// <summary>Promised from the signal to the end of every process.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    public static Task<Report> RunAsync(CancellationToken cancellation) => RunAsync(WholeRounds, cancellation);

    public static async Task<Report> RunAsync(int rounds, CancellationToken cancellation)
    {
        if (World.Name == "aspire")
        {
            throw new InvalidOperationException("This build is the Aspire model, whose start is Aspire's; measure a standalone build (-p:UseAspire=false).");
        }

        var starts = new List<(TimeSpan First, TimeSpan Stop, TimeSpan Second, TimeSpan AfterKill)>();
        for (var round = 0; round < rounds; round++)
        {
            await using var system = new StartedSystem();
            var first = await system.StartAsync(cancellation);
            var stop = await system.StopAsync(cancellation);
            var second = await system.StartAsync(cancellation);
            await system.KillAsync(cancellation);
            starts.Add((first, stop, second, await system.StartAsync(cancellation)));
        }

        return new Report(
            "start",
            "dotnet run --no-build --project AgentSystem.AppHost, with the shipped model, until /ready answers 200; SIGINT until the last process is gone",
            ["what", "seconds", "limit s", "of the limit"],
            [
                Row("start from nothing", StartLimit, starts.Select(round => round.First)),
                Row("start after a stop", StartLimit, starts.Select(round => round.Second)),
                Row("start after kill -9", StartLimit, starts.Select(round => round.AfterKill)),
                Row("stop", StopLimit, starts.Select(round => round.Stop)),
            ],
            ["median over the rounds with lowest and highest; asked every 20 ms. Nothing before it is built or restored within the time, and the files are in the page cache."],
            rounds);
    }

    private static IReadOnlyList<object> Row(string what, TimeSpan limit, IEnumerable<TimeSpan> times)
    {
        var seconds = times.Select(time => time.TotalSeconds).ToArray();
        return [what, Spread.Of(seconds), limit.TotalSeconds, Spread.Of(seconds.Select(each => each / limit.TotalSeconds))];
    }
}
