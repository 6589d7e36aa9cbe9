using AgentSystem.Benchmarks;
using CsCheck;

namespace AgentSystem.Tests.Benchmarks;

public sealed class SpreadTests
{
    [Fact]
    public void Of_AnyValues_HasHalfOfThemOnEachSideOfTheMedian() => Gen.Double[-1e6, 1e6].Array[1, 40].Sample(values =>
    {
        var spread = Spread.Of(values);
        Assert.Equal(values.Min(), spread.Lowest);
        Assert.Equal(values.Max(), spread.Highest);
        Assert.Contains(spread.Median, values);
        Assert.True(values.Count(value => value < spread.Median) <= values.Length / 2);
        Assert.True(values.Count(value => value > spread.Median) <= values.Length / 2);
    });
}
