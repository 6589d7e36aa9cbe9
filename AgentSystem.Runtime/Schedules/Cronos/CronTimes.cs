using Cronos;

namespace AgentSystem.Runtime.Schedules.Cronos;

/// <summary>Times of cron expressions: five fields, UTC. Where day of the month and day of the week are both given, both must fit.</summary>
internal static class CronTimes
{
    /// <summary>Longest expression accepted, in characters.</summary>
    public const int Longest = 200;

    /// <summary>True for an expression that can be kept.</summary>
    public static bool IsValid(string cron) => Parse(cron) is not null;

    /// <summary>The first time after <paramref name="after"/>; null when there is none (30 February).</summary>
    public static DateTimeOffset? Next(string cron, DateTimeOffset after) =>
        Parse(cron)?.GetNextOccurrence(after.UtcDateTime) is { } next ? new DateTimeOffset(next, TimeSpan.Zero) : null;

    private static CronExpression? Parse(string cron)
    {
        if (cron.Length > Longest)
        {
            return null;
        }

        try
        {
            return CronExpression.TryParse(cron, out var expression) ? expression : null;
        }
        catch (MissingSeedException)
        {
            // The letter H asks for a time of the library's choice, which we do not give: TryParse throws then.
            return null;
        }
    }
}
