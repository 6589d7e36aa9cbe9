using AgentSystem.Runtime.Threats.Conduct;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Threats.Conduct;

public sealed class DecayingCountTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Count_AfterAHalfLife_WeighsHalf()
    {
        var count = default(DecayingCount);
        for (var i = 0; i < 8; i++)
        {
            count.Add(Noon);
        }

        Assert.Equal((8, 4, 2), (count.At(Noon), count.At(Noon + DecayingCount.HalfLife), count.At(Noon + (2 * DecayingCount.HalfLife))));
    }

    [Fact]
    public void Count_OfAnyEvents_IsTheSumOfTheirWeights() =>
        Gen.Int[0, 3600].Array[1, 50].Sample(seconds =>
        {
            var (count, last) = (default(DecayingCount), seconds.Max());
            foreach (var second in seconds.Order())
            {
                count.Add(Noon.AddSeconds(second));
            }

            var expected = seconds.Sum(second => Math.Pow(.5, (last - second) / DecayingCount.HalfLife.TotalSeconds));
            Assert.Equal(expected, count.At(Noon.AddSeconds(last)), 9);
        });

    [Fact]
    public void Count_UnderAClockThatIsSetBack_NeverGrowsByMoreThanItsEvents() =>
        Gen.Int[-3600, 3600].Array[1, 50].Sample(seconds =>
        {
            var count = default(DecayingCount);
            foreach (var second in seconds)
            {
                count.Add(Noon.AddSeconds(second));
                Assert.InRange(count.At(Noon.AddSeconds(second)), 0, seconds.Length);
            }
        });
}
