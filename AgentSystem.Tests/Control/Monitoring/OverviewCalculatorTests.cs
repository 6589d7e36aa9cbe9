using AgentSystem.Contracts.Monitoring;
using AgentSystem.Control.Monitoring;
using CsCheck;

namespace AgentSystem.Tests.Control.Monitoring;

public sealed class OverviewCalculatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly DateTimeOffset ThisMinute = new(2026, 3, 4, 5, 6, 0, TimeSpan.Zero);

    [Fact]
    public void Minutes_NothingCameIn_AreAllThereAndEmpty()
    {
        var minutes = OverviewCalculator.Minutes([], Now, 60);

        Assert.Equal((60, ThisMinute), (minutes.Count, minutes[^1].At));
        Assert.All(minutes, minute => Assert.Equal((0, 0), (minute.Requests, minute.Errors)));
    }

    [Fact]
    public void Minutes_OfAnyCounts_KeepThoseOfTheWindowInTheirPlaces() =>
        Gen.Select(Gen.Int[-80, 5].HashSet[0, 40], Gen.Int[1, 60]).Sample((places, length) =>
        {
            var counted = places.Select(place => new MinuteBucket(ThisMinute.AddMinutes(place), 100 - place, 1)).ToList();
            var minutes = OverviewCalculator.Minutes(counted, Now, length);
            return minutes.Count == length
                && minutes.Select((minute, i) => minute.At == ThisMinute.AddMinutes(i - length + 1)).All(right => right)
                && minutes.Where(minute => minute.Requests > 0).SequenceEqual(counted.Where(minute => minute.At <= ThisMinute && minute.At > ThisMinute.AddMinutes(-length)).OrderBy(minute => minute.At));
        });
}
