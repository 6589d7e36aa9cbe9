using System.Globalization;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>Dates that count from now, in English, German, French and Spanish: tomorrow, in three days, vor zwei Wochen, la semaine prochaine, next Monday. A day is one of UTC.</summary>
internal static class RelativeDates
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const string Next = "next|nächste|nächsten|nächster|nächstes|kommende|kommenden";
    private const string Last = "last|letzte|letzten|letzter|letztes|vergangene|vergangenen";
    private const string NextAfter = "prochain|prochaine|próximo|próxima|que viene";
    private const string LastAfter = "dernier|dernière|passé|passée|pasado|pasada";

    private static readonly string Units = DateWords.UnitPattern;
    private static readonly string Weekdays = DateWords.WeekdayPattern;

    private static readonly Regex Named = new($@"\b({DateWords.DayPattern})\b", Linear);
    private static readonly Regex Ahead = new($@"\b(?:in|dans|en|dentro de) ({DateWords.CountPattern}) ({Units})\b", Linear);
    private static readonly Regex Ago = new($@"\b({DateWords.CountPattern}) ({Units}) ago\b", Linear);
    private static readonly Regex Back = new($@"\b(?:vor|il y a|hace) ({DateWords.CountPattern}) ({Units})\b", Linear);
    private static readonly Regex Before = new($@"\b({Next}|{Last}) ({Units}|{Weekdays})\b", Linear);
    private static readonly Regex After = new($@"\b({Units}|{Weekdays}) ({NextAfter}|{LastAfter})\b", Linear);

    public static IEnumerable<TextDate> Find(string text, string language, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        // "Hier" is yesterday in French, and here in German and Dutch.
        foreach (var match in Named.Matches(text).Where(match => language is "fr" || !match.ValueSpan.Equals("hier", StringComparison.OrdinalIgnoreCase)))
        {
            yield return DateFinder.Timed(text, match, today.AddDays(DateWords.Days[match.Value.ToLowerInvariant()]), ambiguous: false, relative: true);
        }

        foreach (var (match, sign) in Ahead.Matches(text).Select(static match => (match, 1)).Concat(Ago.Matches(text).Concat(Back.Matches(text)).Select(static match => (match, -1))))
        {
            var word = match.Groups[1].Value.ToLowerInvariant();
            var count = DateWords.Counts.TryGetValue(word, out var written) ? written : int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);
            if (Moved(now, today, DateWords.Units[match.Groups[2].Value.ToLowerInvariant()], sign * count) is var (value, precision))
            {
                yield return new TextDate(match.Value, match.Index, match.Index + match.Length, value, precision, true, false);
            }
        }

        foreach (var (match, which, what) in Before.Matches(text).Select(static match => (match, match.Groups[1].Value, match.Groups[2].Value))
            .Concat(After.Matches(text).Select(static match => (match, match.Groups[2].Value, match.Groups[1].Value))))
        {
            var sign = Is(which, Next) || Is(which, NextAfter) ? 1 : -1;
            if (OfNext(now, today, what.ToLowerInvariant(), sign) is var (value, precision))
            {
                yield return new TextDate(match.Value, match.Index, match.Index + match.Length, value, precision, true, false);
            }
        }
    }

    private static (DateTimeOffset Value, string Precision)? OfNext(DateTimeOffset now, DateTimeOffset today, string what, int sign)
    {
        if (!DateWords.Weekdays.TryGetValue(what, out var weekday))
        {
            return Moved(now, today, DateWords.Units[what], sign);
        }

        // The next one is never today, nor is the last one.
        var ahead = (((int)weekday - (int)today.DayOfWeek + 6) % 7) + 1;
        var back = (((int)today.DayOfWeek - (int)weekday + 6) % 7) + 1;
        return (today.AddDays(sign > 0 ? ahead : -back), "day");
    }

    /// <summary>Null beyond what a date can be.</summary>
    private static (DateTimeOffset Value, string Precision)? Moved(DateTimeOffset now, DateTimeOffset today, TimeUnit unit, int count)
    {
        if (unit == TimeUnit.Year && now.Year + count is < 1 or > 9998)
        {
            return null;
        }

        return unit switch
        {
            TimeUnit.Minute => (Whole(now.AddMinutes(count)), "minute"),
            TimeUnit.Hour => (Whole(now.AddHours(count)), "minute"),
            TimeUnit.Day => (today.AddDays(count), "day"),
            TimeUnit.Week => (today.AddDays(7 * count), "day"),
            TimeUnit.Month => (today.AddMonths(count), "month"),
            _ => (today.AddYears(count), "year"),
        };
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => at.ToUniversalTime().AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));

    private static bool Is(string word, string alternatives) => alternatives.Split('|').Contains(word, StringComparer.OrdinalIgnoreCase);
}
