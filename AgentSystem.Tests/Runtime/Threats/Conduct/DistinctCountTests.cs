using AgentSystem.Runtime.Threats.Conduct;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Threats.Conduct;

public sealed class DistinctCountTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Estimate_OfDifferentThings_IsNearTheirNumberHoweverOftenEachIsSeen() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[1, 4], Gen.Int[0, 1_000]).Sample((different, times, seed) =>
        {
            var (count, random) = (new DistinctCount(), new Random(seed));
            var things = Enumerable.Range(0, different).Select(_ => (ulong)random.NextInt64()).ToArray();
            for (var i = 0; i < times; i++)
            {
                Array.ForEach(things, thing => count.Add(thing, Noon));
            }

            // Four standard errors of linear counting at this load, and a few for small numbers.
            Assert.InRange(count.Estimate(Noon), different - 6 - (different * .25), different + 6 + (different * .25));
        });

    [Fact]
    public void Estimate_AfterTwoGenerations_HasForgottenEverything()
    {
        var count = new DistinctCount();
        count.Add(7, Noon);

        Assert.True(count.Estimate(Noon + DistinctCount.Generation) > .9);
        Assert.Equal(0, count.Estimate(Noon + (2 * DistinctCount.Generation)));
    }
}
