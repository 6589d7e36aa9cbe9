using AgentSystem.Benchmarks;
using AgentSystem.Benchmarks.Sessions;

namespace AgentSystem.Tests.Benchmarks.Sessions;

public sealed class StateBenchmarkTests
{
    [Fact]
    public async Task Run_Short_MeasuresBothSidesOnOneServer()
    {
        // That both sides work and are compared is what is tested; how fast they are is measured on a quiet machine, not here.
        var report = await StateBenchmark.RunAsync(new StateBench(Rounds: 1, Clients: [8], Seconds: 1, Sessions: 400, Scale: 1), TestContext.Current.CancellationToken);

        Assert.Equal(["pgbench -N, 8 clients", "AgentSystem, 8 clients"], report.Rows.Select(row => row[0]));
        Assert.All(report.Rows, row => Assert.True(((Spread)row[1]).Lowest > 0));
    }
}
