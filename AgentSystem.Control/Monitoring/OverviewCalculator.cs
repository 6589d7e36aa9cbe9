using AgentSystem.Contracts.Monitoring;

namespace AgentSystem.Control.Monitoring;

/// <summary>Turns what was counted into the row of minutes the overview draws.</summary>
public static class OverviewCalculator
{
    /// <summary>One bucket per minute, oldest first, ending with the minute of <paramref name="now"/>; minutes in which nothing came in are there too.</summary>
    /// <param name="counted">The minutes in which something came in, each once, in any order; those outside the window are left out.</param>
    /// <param name="now">The end of the window.</param>
    /// <param name="minutes">Its length; at least 1.</param>
    public static IReadOnlyList<MinuteBucket> Minutes(IReadOnlyList<MinuteBucket> counted, DateTimeOffset now, int minutes)
    {
        ArgumentNullException.ThrowIfNull(counted);
        ArgumentOutOfRangeException.ThrowIfLessThan(minutes, 1);
        var last = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var byMinute = counted.ToDictionary(static bucket => bucket.At);
        return [.. Enumerable.Range(1 - minutes, minutes).Select(i => last.AddMinutes(i)).Select(at => byMinute.GetValueOrDefault(at, new MinuteBucket(at, 0, 0)))];
    }
}
