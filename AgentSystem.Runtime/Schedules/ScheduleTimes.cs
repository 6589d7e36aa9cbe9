using AgentSystem.Runtime.Schedules.Cronos;

namespace AgentSystem.Runtime.Schedules;

/// <summary>When a schedule starts its runs.</summary>
public static class ScheduleTimes
{
    /// <summary>What a cron expression must be.</summary>
    public const string Form = "five fields (minute, hour, day of the month, month, day of the week), in UTC, such as \"0 9 * * MON-FRI\"";

    /// <summary>True for an expression that can be kept.</summary>
    public static bool IsValid(string cron) => CronTimes.IsValid(cron);

    /// <summary>The first time after <paramref name="after"/>; null when there is none.</summary>
    public static DateTimeOffset? Next(string cron, DateTimeOffset after) => CronTimes.Next(cron, after);

    /// <summary>The id of the run that a tick starts: the same whoever starts it, so that it is started once.</summary>
    public static string RunId(string schedule, DateTimeOffset tick)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return $"run_{tick.ToUnixTimeSeconds():x8}_{schedule[(schedule.IndexOf('_', StringComparison.Ordinal) + 1)..]}";
    }
}
