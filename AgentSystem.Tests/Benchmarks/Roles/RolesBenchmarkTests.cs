using AgentSystem.Benchmarks;
using AgentSystem.Benchmarks.Roles;

namespace AgentSystem.Tests.Benchmarks.Roles;

public sealed class RolesBenchmarkTests
{
    [Fact]
    public async Task Run_Short_MeasuresEveryWayToARole()
    {
        // That every call and piece is made and timed is what is tested; how fast is measured on a quiet machine, not here.
        var report = await RolesBenchmark.RunAsync(new RolesBench(Rounds: 1, Calls: 32, Pieces: 32, Warm: 1), TestContext.Current.CancellationToken);

        Assert.Equal(5, report.Rows.Count);
        Assert.All(report.Rows, static row => Assert.True(((Spread)row[1]).Lowest > 0 && ((Spread)row[2]).Median >= ((Spread)row[1]).Median));
    }
}
