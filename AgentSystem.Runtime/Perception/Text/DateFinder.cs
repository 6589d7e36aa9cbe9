using System.Globalization;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>
/// Finds dates: ISO 8601, numbers with points, slashes or dashes, and months by name in English, German, French and Spanish, with a time behind them; and what counts from now (<see cref="RelativeDates"/>).
/// The expressions have no way back (<see cref="RegexOptions.NonBacktracking"/>), so that time grows with the text.
/// </summary>
internal static class DateFinder
{
    /// <summary>Most dates that are listed.</summary>
    public const int Most = 100;

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly Regex Iso = new(@"\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?: ?(Z|[+-]\d{2}:?\d{2}))?)?\b", Linear);
    private static readonly Regex Numeric = new(@"\b(\d{1,2})([./-])(\d{1,2})([./-])(\d{4})\b", Linear);
    private static readonly Regex DayMonth = new(
        $@"\b(\d{{1,2}})(?:st|nd|rd|th|er|º)?\.? (?:of |de )?({DateWords.MonthPattern})\b\.?(?:,? (?:de |del )?(\d{{4}})\b)?", Linear);

    private static readonly Regex MonthDay = new($@"\b({DateWords.MonthPattern})\b\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}})\b)?", Linear);
    private static readonly Regex MonthYear = new($@"\b({DateWords.MonthPattern})\b\.? (?:de |del )?(\d{{4}})\b", Linear);
    private static readonly Regex TimeAfter = new(@"^,? (?:at |um |à |a las )?(\d{1,2})(?:[:h](\d{2}))(?::(\d{2}))?(?: ?(am|pm))?\b", Linear);

    /// <summary>The dates in a text, in its order.</summary>
    /// <param name="language">Decides over day and month in numbers with slashes.</param>
    /// <param name="now">What relative ones and missing years count from, in UTC.</param>
    public static (IReadOnlyList<TextDate> Dates, bool Truncated) Find(string text, string language, DateTimeOffset now)
    {
        var found = Absolute(text, language, now).Concat(RelativeDates.Find(text, language, now))
            .OrderBy(static date => date.Start).ThenByDescending(static date => date.End);
        var dates = new List<TextDate>();
        foreach (var date in found)
        {
            if (dates.Count > 0 && date.Start < dates[^1].End)
            {
                continue;
            }

            if (dates.Count == Most)
            {
                return (dates, true);
            }

            dates.Add(date);
        }

        return (dates, false);
    }

    private static IEnumerable<TextDate> Absolute(string text, string language, DateTimeOffset now)
    {
        foreach (Match match in Iso.Matches(text))
        {
            if (OfIso(match) is { } date)
            {
                yield return date;
            }
        }

        foreach (Match match in Numeric.Matches(text))
        {
            var (first, second, sameMarks) = (Number(match, 1), Number(match, 3), match.Groups[2].Value == match.Groups[4].Value);
            var monthFirst = (match.Groups[2].Value == "/" && language is "en" && first <= 12) || second > 12;
            var (day, month) = monthFirst ? (second, first) : (first, second);
            if (sameMarks && Day(Number(match, 5), month, day) is { } value)
            {
                yield return Timed(text, match, value, ambiguous: match.Groups[2].Value != "." && first <= 12 && second <= 12 && first != second);
            }
        }

        foreach (var (match, day, month, year) in DayMonth.Matches(text).Select(static match => (match, Number(match, 1), match.Groups[2], match.Groups[3]))
            .Concat(MonthDay.Matches(text).Select(static match => (match, Number(match, 2), match.Groups[1], match.Groups[3]))))
        {
            var known = year.Success ? int.Parse(year.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : now.Year;
            if (Day(known, Month(month), day) is { } value)
            {
                yield return Timed(text, match, value, ambiguous: false);
            }
        }

        foreach (Match match in MonthYear.Matches(text))
        {
            if (Day(Number(match, 2), Month(match.Groups[1]), 1) is { } value)
            {
                yield return new TextDate(match.Value, match.Index, match.Index + match.Length, value, "month", false, false);
            }
        }
    }

    /// <summary>A date, with the time that stands behind it, if any.</summary>
    public static TextDate Timed(string text, Match match, DateTimeOffset day, bool ambiguous, bool relative = false)
    {
        var end = match.Index + match.Length;
        // Only so much is looked at as a time can be long.
        var after = TimeAfter.Match(text, end, Math.Min(28, text.Length - end));
        if (after.Success && Number(after, 1) is var hour and <= 24 && Number(after, 2) is var minute and < 60)
        {
            var second = after.Groups[3].Success ? Number(after, 3) : 0;
            hour = after.Groups[4].Value.ToLowerInvariant() switch { "pm" when hour < 12 => hour + 12, "am" when hour == 12 => 0, _ => hour };
            if (hour < 24 && second < 60)
            {
                return new TextDate(
                    text[match.Index..(end + after.Length)], match.Index, end + after.Length, day.AddHours(hour).AddMinutes(minute).AddSeconds(second), after.Groups[3].Success ? "second" : "minute", relative, ambiguous);
            }
        }

        return new TextDate(match.Value, match.Index, end, day, "day", relative, ambiguous);
    }

    /// <summary>The first second of a day, or null when there is no such day.</summary>
    private static DateTimeOffset? Day(int year, int month, int day) =>
        year is >= 1 and <= 9998 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero) : null;

    private static TextDate? OfIso(Match match)
    {
        if (Day(Number(match, 1), Number(match, 2), Number(match, 3)) is not { } value)
        {
            return null;
        }

        var precision = "day";
        if (match.Groups[4].Success)
        {
            var (hour, minute, second) = (Number(match, 4), Number(match, 5), match.Groups[6].Success ? Number(match, 6) : 0);
            if (hour > 23 || minute > 59 || second > 59)
            {
                return null;
            }

            var zone = match.Groups[7].ValueSpan is ['+' or '-', ..] given
                ? TimeSpan.FromMinutes((given[0] == '-' ? -1 : 1) * ((int.Parse(given[1..3], CultureInfo.InvariantCulture) * 60) + int.Parse(given[^2..], CultureInfo.InvariantCulture)))
                : TimeSpan.Zero;
            // The widest zones there are.
            if (value.Year == 1 || zone.Duration() > TimeSpan.FromHours(14))
            {
                return null;
            }

            value = value.AddHours(hour).AddMinutes(minute).AddSeconds(second) - zone;
            precision = match.Groups[6].Success ? "second" : "minute";
        }

        return new TextDate(match.Value, match.Index, match.Index + match.Length, value, precision, false, false);
    }

    private static int Month(Group name) => DateWords.Months[name.Value.ToLowerInvariant()];

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
}
