using AgentSystem.Benchmarks;
using AgentSystem.Benchmarks.Checkpoint;
using AgentSystem.Benchmarks.Processes;

namespace AgentSystem.Tests.Benchmarks.Checkpoint;

public sealed class CheckpointBenchmarkTests
{
    [Fact]
    public async Task Run_Short_FindsEveryStepAgainAfterTheServerWasKilled()
    {
        var report = await CheckpointBenchmark.RunAsync(new CheckpointPlan(Rounds: 1, Threads: 4, Seconds: 1, WithLangGraph: false), TestContext.Current.CancellationToken);

        var row = Assert.Single(report.Rows);
        Assert.True(((Spread)row[1]).Lowest > 0);
        Assert.Equal("all, identical", row[^1]);
    }

    [Fact]
    public async Task Run_ShortWithThePeerOnNode_MeasuresAndChecksItToo()
    {
        Assert.SkipUnless(
            NodePackages.Has("AgentSystem.Benchmarks/Checkpoint/LangGraph", "@langchain/langgraph-checkpoint-postgres"), $"The peer is not installed: {NodePackages.Install} in AgentSystem.Benchmarks/Checkpoint/LangGraph.");
        var report = await CheckpointBenchmark.RunAsync(new CheckpointPlan(Rounds: 1, Threads: 4, Seconds: 1, WithLangGraph: true), TestContext.Current.CancellationToken);

        Assert.Equal(2, report.Rows.Count);
        Assert.All(report.Rows, row => Assert.True(((Spread)row[1]).Lowest > 0));
        Assert.All(report.Rows, row => Assert.Equal("all, identical", row[^1]));
    }
}
