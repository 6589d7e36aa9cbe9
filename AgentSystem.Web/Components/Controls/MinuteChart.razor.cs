using System.Globalization;
using AgentSystem.Contracts.Monitoring;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Controls;

/// <summary>Requests per minute as bars, failed ones in their own colour. Minutes nothing came in are empty, not missing.</summary>
public sealed partial class MinuteChart
{
    private const int SlotWidth = 10;
    private const int Height = 100;

    /// <summary>A bar for one request must still be seen beside a bar for hundreds.</summary>
    private const double LowestBar = 3;

    private MinuteBucket[] _slots = [];
    private int _peak;

    /// <summary>The minutes there is something to say of, in any order.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<MinuteBucket> Minutes { get; set; } = [];

    /// <summary>How many minutes are shown.</summary>
    [Parameter]
    public int WindowMinutes { get; set; } = 60;

    /// <summary>The last minute shown lies here, or at the newest bucket where that is later.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    /// <summary>Turns a moment into the reader's time.</summary>
    [Parameter]
    public Func<DateTimeOffset, DateTimeOffset> Zone { get; set; } = static moment => moment;

    private string Summary => $"{_slots.Sum(static slot => slot.Requests)} requests in the last {_slots.Length} minutes, {_slots.Sum(static slot => slot.Errors)} of them failed; at most {_peak} in one minute.";

    protected override void OnParametersSet()
    {
        var known = Minutes.GroupBy(static bucket => MinuteOf(bucket.At)).ToDictionary(
            static group => group.Key,
            static group => (Requests: group.Sum(static bucket => bucket.Requests), Errors: group.Sum(static bucket => bucket.Errors)));
        var last = Math.Max(MinuteOf(Now), known.Keys.DefaultIfEmpty(long.MinValue).Max());
        var count = Math.Max(1, WindowMinutes);
        _slots = [.. Enumerable.Range(0, count).Select(index =>
        {
            var minute = last - count + 1 + index;
            var (requests, errors) = known.GetValueOrDefault(minute);
            return new MinuteBucket(DateTimeOffset.FromUnixTimeSeconds(minute * 60), requests, errors);
        })];
        _peak = _slots.Max(static slot => slot.Requests);
    }

    private static long MinuteOf(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / 60;

    private double HeightOf(int requests) => requests == 0 ? 0 : Math.Max(LowestBar, (double)Height * requests / _peak);

    private static string Svg(double length) => length.ToString("0.##", CultureInfo.InvariantCulture);
}
