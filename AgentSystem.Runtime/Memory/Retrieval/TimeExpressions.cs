using System.Globalization;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Memory.Retrieval;

/// <summary>
/// Reads the time a query speaks of: "yesterday", "last week", "in the last 3 days", "two months ago", "in March 2025", "on 4 May", "2025-03-04", "since 2024". English, UTC, weeks from Monday.
/// The first that is found counts; a month or a day without a year is the latest that is not ahead.
/// </summary>
internal static partial class TimeExpressions
{
    private const RegexOptions Style = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private const string Months = "january|february|march|april|may|june|july|august|september|october|november|december";

    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>The window, or null.</summary>
    public static MemoryWindow? Read(string query, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        try
        {
            return Open(query, today) ?? Point(query, today, now);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A date no calendar has, or a number of years before its beginning.
            return null;
        }
    }

    /// <summary>"since ..." and "before ...": all after, or before, a point.</summary>
    private static MemoryWindow? Open(string query, DateTimeOffset today)
    {
        var match = Bound().Match(query);
        if (!match.Success || Point(match.Groups["rest"].Value, today, today) is not { } point || !match.Groups["rest"].Value.TrimStart().StartsWith(FirstWord(point.Words), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var words = $"{match.Groups["word"].Value} {point.Words}";
        return match.Groups["word"].Value.ToLowerInvariant() switch
        {
            "since" => new MemoryWindow(point.From, Day(9000, 1, 1), words),
            "after" => new MemoryWindow(point.To, Day(9000, 1, 1), words),
            _ => new MemoryWindow(Day(1900, 1, 1), point.From, words),
        };
    }

    private static MemoryWindow? Point(string query, DateTimeOffset today, DateTimeOffset now)
    {
        if (Relative().Match(query) is { Success: true } relative)
        {
            return OfRelative(relative, today);
        }

        if (Span().Match(query) is { Success: true } span && Count(span.Groups["count"].Value) is { } length)
        {
            return new MemoryWindow(Back(now, length, span.Groups["unit"].Value), now, span.Value);
        }

        if (Ago().Match(query) is { Success: true } ago && Count(ago.Groups["count"].Value) is { } back)
        {
            var unit = ago.Groups["unit"].Value.ToLowerInvariant();
            var (start, end) = Around(Back(today, back, unit), unit);
            return new MemoryWindow(start, end, ago.Value);
        }

        if (Iso().Match(query) is { Success: true } iso)
        {
            var day = Day(int.Parse(iso.Groups["year"].Value, CultureInfo.InvariantCulture), int.Parse(iso.Groups["month"].Value, CultureInfo.InvariantCulture), int.Parse(iso.Groups["day"].Value, CultureInfo.InvariantCulture));
            return new MemoryWindow(day, day.AddDays(1), iso.Value);
        }

        if (Calendar().Match(query) is { Success: true } date)
        {
            return OfCalendar(date, today);
        }

        return Year().Match(query) is { Success: true } year
            ? new MemoryWindow(Day(Number(year), 1, 1), Day(Number(year) + 1, 1, 1), year.Value)
            : null;

        static int Number(Match match) => int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture);
    }

    private static MemoryWindow OfRelative(Match match, DateTimeOffset today)
    {
        var text = match.Value.ToLowerInvariant();
        if (text is "today" or "this morning" or "tonight")
        {
            return new MemoryWindow(today, today.AddDays(1), match.Value);
        }

        if (text.EndsWith("yesterday", StringComparison.Ordinal) || text == "last night")
        {
            var before = text.StartsWith("the day", StringComparison.Ordinal) ? 2 : 1;
            return new MemoryWindow(today.AddDays(-before), today.AddDays(1 - before), match.Value);
        }

        var (last, what) = (text.StartsWith("last", StringComparison.Ordinal) || text.StartsWith("previous", StringComparison.Ordinal), text.Split(' ')[^1]);
        if (Enum.TryParse<DayOfWeek>(what, true, out var weekday))
        {
            var back = ((int)today.DayOfWeek - (int)weekday + 7) % 7;
            var day = today.AddDays(-(back == 0 ? 7 : back));
            return new MemoryWindow(day, day.AddDays(1), match.Value);
        }

        var (start, end) = Around(last ? Back(today, 1, what) : today, what);
        return new MemoryWindow(start, end, match.Value);
    }

    private static MemoryWindow? OfCalendar(Match match, DateTimeOffset today)
    {
        var month = Array.IndexOf(Months.Split('|'), match.Groups["month"].Value.ToLowerInvariant()) + 1;
        var hasDay = match.Groups["day"].Success || match.Groups["after"].Success;
        var number = hasDay ? int.Parse((match.Groups["day"].Success ? match.Groups["day"] : match.Groups["after"]).Value, CultureInfo.InvariantCulture) : 1;
        // "may" is a word before it is a month.
        if (!hasDay && !match.Groups["year"].Success && !match.Groups["in"].Success)
        {
            return null;
        }

        var year = match.Groups["year"].Success ? int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture) : today.Year;
        if (!match.Groups["year"].Success && Day(year, month, Math.Min(number, DateTime.DaysInMonth(year, month))) > today)
        {
            year--;
        }

        var from = Day(year, month, number);
        return new MemoryWindow(from, hasDay ? from.AddDays(1) : from.AddMonths(1), match.Value.Trim());
    }

    private static (DateTimeOffset From, DateTimeOffset To) Around(DateTimeOffset day, string unit) => unit.ToLowerInvariant().TrimEnd('s') switch
    {
        "week" or "weekend" when unit.StartsWith("weekend", StringComparison.OrdinalIgnoreCase) => (Monday(day).AddDays(5), Monday(day).AddDays(7)),
        "week" => (Monday(day), Monday(day).AddDays(7)),
        "month" => (Day(day.Year, day.Month, 1), Day(day.Year, day.Month, 1).AddMonths(1)),
        "year" => (Day(day.Year, 1, 1), Day(day.Year + 1, 1, 1)),
        _ => (day, day.AddDays(1)),
    };

    private static DateTimeOffset Back(DateTimeOffset from, int count, string unit) => unit.ToLowerInvariant().TrimEnd('s') switch
    {
        "hour" => from.AddHours(-count),
        "week" or "weekend" => from.AddDays(-7 * count),
        "month" => from.AddMonths(-count),
        "year" => from.AddYears(-count),
        _ => from.AddDays(-count),
    };

    private static int? Count(string text) =>
        text.Length == 0 || text.Equals("a", StringComparison.OrdinalIgnoreCase) || text.Equals("an", StringComparison.OrdinalIgnoreCase) ? 1
        : text.StartsWith("couple", StringComparison.OrdinalIgnoreCase) ? 2
        : text.StartsWith("few", StringComparison.OrdinalIgnoreCase) ? 3
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var digits) ? digits
        : Array.IndexOf(Numbers, text.ToLowerInvariant()) is >= 0 and var word ? word : null;

    private static DateTimeOffset Monday(DateTimeOffset day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private static string FirstWord(string words) => words.Split(' ')[0];

    [GeneratedRegex(@"(?<!\bday\s)\b(?<word>since|after|before|until)\s(?<rest>.+)", Style, 1000)]
    private static partial Regex Bound();

    [GeneratedRegex(@"\b(?:today|tonight|this morning|last night|the day before yesterday|yesterday|(?:last|previous|this)\s(?:weekend|week|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b", Style, 1000)]
    private static partial Regex Relative();

    [GeneratedRegex(@"\b(?:in|over|during|within)?\s?the\s(?:last|past)\s(?<count>\d{1,4}|\w+)\s(?<unit>hours|days|weeks|months|years)\b", Style, 1000)]
    private static partial Regex Span();

    [GeneratedRegex(@"\b(?<count>\d{1,4}|an?|couple of|few|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s(?<unit>days?|weeks?|months?|years?)\sago\b", Style, 1000)]
    private static partial Regex Ago();

    [GeneratedRegex(@"\b(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})\b", Style, 1000)]
    private static partial Regex Iso();

    [GeneratedRegex($@"\b(?<in>in\s|during\s|of\s)?(?:(?<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?)?(?<month>{Months})\b(?:\s(?<after>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,?\s(?<year>\d{{4}})\b)?", Style, 1000)]
    private static partial Regex Calendar();

    [GeneratedRegex(@"\b(?:in\s|during\s|of\s)(?<year>(?:19|20)\d{2})\b|^(?<year>(?:19|20)\d{2})\b", Style, 1000)]
    private static partial Regex Year();
}
