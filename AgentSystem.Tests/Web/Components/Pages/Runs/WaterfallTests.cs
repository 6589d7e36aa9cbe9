using AgentSystem.Contracts.Runs;
using AgentSystem.Web.Components.Pages.Runs;
using CsCheck;

namespace AgentSystem.Tests.Web.Components.Pages.Runs;

public sealed class WaterfallTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Bars_OfNoStep_AreNone() => Assert.Empty(Waterfall.Bars([], Noon));

    [Fact]
    public void Bars_OfTwoStepsInARow_LieOneAfterTheOther() =>
        Assert.Equal([(0d, 25d), (25d, 75d)], Waterfall.Bars([Step(0, 1_000), Step(1_000, 3_000)], Noon));

    [Fact]
    public void Bars_OfAStepThatGoesOn_LastUntilNow() =>
        Assert.Equal([(0d, 50d), (50d, 50d)], Waterfall.Bars([Step(0, 1_000), Step(1_000, null)], Noon.AddSeconds(2)));

    [Fact]
    public void Bars_OfAnySteps_StayInsideAndCanBeSeen() =>
        Gen.Select(Gen.Double[0, 1e7], Gen.Double[0, 1e7]).Array[1, 20].Sample(steps =>
            Assert.All(Waterfall.Bars([.. steps.Select(step => Step(step.Item1, step.Item2))], Noon), bar => Assert.True(bar.Left >= 0 && bar.Width > 0 && bar.Left + bar.Width <= 100.000001, $"{bar}")));

    private static RunStepView Step(double begin, double? lasts) => new(1, "tool", "t", "done", null, null, null, 1, 0, 0, 0, Noon.AddMilliseconds(begin), lasts);
}
