using AgentSystem.Benchmarks.Gateway;

namespace AgentSystem.Tests.Benchmarks.Gateway;

public sealed class GatewayBenchmarkTests
{
    [Fact]
    public async Task Run_AFewQuestionsEachWay_GetsTheModelsAnswerToEachOfThem()
    {
        // Times are not judged: a test's machine is shared. What counts is that every way gives every answer.
        var plan = new GatewayPlan([new GatewayCase(Streams: false, 0, Connections: 2), new GatewayCase(Streams: true, 5, Connections: 2)], Rounds: 1, WarmUpSeconds: 20, Seconds: 20, Questions: 20, WithPortkey: false);
        var report = await GatewayBenchmark.RunAsync(plan, TestContext.Current.CancellationToken);
        Assert.Equal(
            [GatewayBench.Direct, "yarp", GatewayBench.Bare, GatewayBench.Agent],
            report.Rows.Take(4).Select(row => row[1]));
        Assert.Equal(8, report.Rows.Count);
        var errors = report.Columns.ToList().IndexOf("errors");
        Assert.True(report.Rows.All(row => row[errors] is 0), string.Join('\n', report.Notes));
        Assert.All(report.Rows, row => Assert.True(row[2] is > 0.0));
    }
}
