using AgentSystem.Contracts.Monitoring;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Control.Monitoring;

/// <summary>Turns a window of requests into the figures of the overview.</summary>
public static class OverviewCalculator
{
    private const int ClientGone = 499;
    private const int FirstError = 400;

    /// <summary>Totals, percentiles and one bucket per minute, oldest first, ending with the minute of <paramref name="now"/>.</summary>
    /// <param name="requests">The requests of the window, in any order.</param>
    /// <param name="now">The end of the window.</param>
    /// <param name="minutes">Its length; at least 1.</param>
    public static OverviewTotals Calculate(IReadOnlyList<RequestUsage> requests, DateTimeOffset now, int minutes)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentOutOfRangeException.ThrowIfLessThan(minutes, 1);
        var served = requests.Where(r => r.Status < FirstError).ToList();
        return new OverviewTotals(
            requests.Count,
            requests.Count(IsError),
            requests.Sum(r => r.InputTokens),
            requests.Sum(r => r.OutputTokens),
            requests.Sum(r => r.CostUsd),
            requests.Count(r => r.Cache != "miss"),
            Percentile([.. served.Select(r => r.DurationMs)], 0.50),
            Percentile([.. served.Select(r => r.DurationMs)], 0.95),
            Percentile([.. served.Select(r => r.FirstTokenMs).OfType<double>()], 0.95),
            Buckets(requests, now, minutes));
    }

    /// <summary>Nearest-rank percentile: the smallest value that at least the share <paramref name="p"/> of all values do not exceed; null of nothing.</summary>
    public static double? Percentile(IReadOnlyList<double> values, double p)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == 0 ? null : values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(p * values.Count) - 1));
    }

    private static List<MinuteBucket> Buckets(IReadOnlyList<RequestUsage> requests, DateTimeOffset now, int minutes)
    {
        var last = Floor(now);
        var byMinute = requests.GroupBy(r => Floor(r.At)).ToDictionary(g => g.Key, g => (All: g.Count(), Errors: g.Count(IsError)));
        return [.. Enumerable.Range(0, minutes).Select(i => last.AddMinutes(i - minutes + 1)).Select(at =>
            byMinute.TryGetValue(at, out var count) ? new MinuteBucket(at, count.All, count.Errors) : new MinuteBucket(at, 0, 0))];
    }

    private static bool IsError(RequestUsage request) => request.Status >= FirstError && request.Status != ClientGone;

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}

/// <summary>The arithmetic part of the overview.</summary>
public sealed record OverviewTotals(
    int Requests,
    int Errors,
    int InputTokens,
    int OutputTokens,
    decimal CostUsd,
    int CacheHits,
    double? P50Ms,
    double? P95Ms,
    double? FirstTokenP95Ms,
    IReadOnlyList<MinuteBucket> Minutes);
