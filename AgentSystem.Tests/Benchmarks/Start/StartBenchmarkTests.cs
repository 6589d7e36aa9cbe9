using AgentSystem.Benchmarks.Start;
using AgentSystem.Tests.AppHost;

namespace AgentSystem.Tests.Benchmarks.Start;

public sealed class StartBenchmarkTests
{
    [Fact]
    public async Task Run_OneRound_StartsThreeTimesAndStops()
    {
        StandaloneRun.SkipInTheAspireWorld();
        // That it becomes ready each time is what is tested; how soon is measured on a quiet machine, not here.
        var report = await StartBenchmark.RunAsync(rounds: 1, TestContext.Current.CancellationToken);
        Assert.Equal(["start from nothing", "start after a stop", "start after kill -9", "stop"], report.Rows.Select(row => row[0]));
    }
}
