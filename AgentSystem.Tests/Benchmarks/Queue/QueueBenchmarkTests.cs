using AgentSystem.Benchmarks;
using AgentSystem.Benchmarks.Processes;
using AgentSystem.Benchmarks.Queue;

namespace AgentSystem.Tests.Benchmarks.Queue;

public sealed class QueueBenchmarkTests
{
    [Fact]
    public async Task Run_Short_RunsEveryJobOfBothQueuesOnOneServer()
    {
        // That every job is submitted, run and counted is what is tested; how fast is measured on a quiet machine, not here.
        var report = await QueueBenchmark.RunAsync(new QueuePlan(Rounds: 1, Jobs: 40, Concurrency: 4, WithGraphile: false), TestContext.Current.CancellationToken);

        Assert.Equal(["AgentSystem, 4 places", "AgentSystem, 500 places", "Hangfire.PostgreSql"], report.Rows.Select(row => row[0]));
        Assert.All(report.Rows, row => Assert.True(((Spread)row[2]).Lowest > 0));
        Assert.Contains(report.Notes, note => note.Contains("graphile-worker: not measured", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ShortWithThePeerOnNode_RunsItsJobsToo()
    {
        Assert.SkipUnless(NodePackages.Has("AgentSystem.Benchmarks/Queue/Graphile", "graphile-worker"), $"graphile-worker is not installed: {NodePackages.Install} in AgentSystem.Benchmarks/Queue/Graphile.");
        var report = await QueueBenchmark.RunAsync(new QueuePlan(Rounds: 1, Jobs: 40, Concurrency: 4, WithGraphile: true), TestContext.Current.CancellationToken);

        Assert.Equal(["AgentSystem, 4 places", "AgentSystem, 500 places", "graphile-worker", "Hangfire.PostgreSql"], report.Rows.Select(row => row[0]));
        Assert.All(report.Rows, row => Assert.True(((Spread)row[2]).Lowest > 0));
        Assert.IsType<Spread>(report.Rows[0][4]);
    }
}
