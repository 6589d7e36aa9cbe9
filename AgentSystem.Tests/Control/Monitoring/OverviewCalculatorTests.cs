using AgentSystem.Contracts.Usage;
using AgentSystem.Control.Monitoring;
using CsCheck;

namespace AgentSystem.Tests.Control.Monitoring;

public sealed class OverviewCalculatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public void Calculate_NothingCameIn_HasNoPercentilesButAllItsMinutes()
    {
        var totals = OverviewCalculator.Calculate([], Now, 60);

        Assert.Equal((0, null, null), (totals.Requests, totals.P50Ms, totals.P95Ms));
        Assert.Equal(60, totals.Minutes.Count);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 5, 6, 0, TimeSpan.Zero), totals.Minutes[^1].At);
    }

    [Fact]
    public void Calculate_AClientThatHungUp_IsNoError()
    {
        var totals = OverviewCalculator.Calculate([Request(200, 10), Request(499, 20), Request(502, 30)], Now, 5);

        Assert.Equal((3, 1, 10d), (totals.Requests, totals.Errors, totals.P95Ms));
        Assert.Equal((3, 1), (totals.Minutes[^1].Requests, totals.Minutes[^1].Errors));
    }

    [Fact]
    public void Percentile_OfAnyValues_HasAtLeastItsShareAtOrBelowIt() =>
        Gen.Select(Gen.Double[0, 1e6].Array[1, 200], Gen.Double[0.01, 1]).Sample((values, p) =>
        {
            var found = OverviewCalculator.Percentile(values, p)!.Value;
            return values.Contains(found)
                && values.Count(v => v <= found) >= (p * values.Length) - 1e-9
                && values.Count(v => v < found) < (p * values.Length) + 1e-9;
        });

    private static RequestUsage Request(int status, double milliseconds) =>
        new("req", "default", "key", null, "assistant", 1, "assistant", "small", "here", Now, status, "x", "miss", false, 1, 1, 0, milliseconds, milliseconds, 0, 1, "passed", []);
}
