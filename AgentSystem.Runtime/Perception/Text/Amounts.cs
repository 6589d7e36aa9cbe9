using System.Globalization;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>Reads numbers as people write them: groups of three between points, commas, apostrophes or blanks, and a fraction behind the other mark.</summary>
internal static class Amounts
{
    /// <summary>A number as a part of an expression: digits, and marks between digits.</summary>
    public const string Pattern = @"\d+(?:[.,'’\u00A0\u202F]\d+)*";

    /// <summary>Languages whose fractions begin with a point (CLDR: decimal separator); all others here write a comma.</summary>
    private static readonly string[] PointLanguages = ["en", "zh", "ja", "ko", "he", "th", "hi", "mr", "sw"];

    /// <summary>The value, or null when it is none (such as <c>1.2.3</c>) or too large.</summary>
    public static decimal? Read(string text, string language)
    {
        var (points, commas) = (text.AsSpan().Count('.'), text.AsSpan().Count(','));
        var fraction = (points, commas) switch
        {
            (0, 0) => '\0',
            // Both: the one that comes last, if there is one of it.
            ( > 0, > 0) => text.LastIndexOf('.') > text.LastIndexOf(',') ? '.' : ',',
            (1, 0) => LooksGrouped(text, '.') && !PointLanguages.Contains(language) ? '\0' : '.',
            (0, 1) => LooksGrouped(text, ',') && PointLanguages.Contains(language) ? '\0' : ',',
            _ => '\0',
        };
        var at = fraction == '\0' ? text.Length : text.LastIndexOf(fraction);
        return IsGrouped(text.AsSpan(0, at)) && (fraction == '\0' || text.AsSpan().Count(fraction) == 1)
            && decimal.TryParse(string.Concat(Digits(text.AsSpan(0, at)), at < text.Length ? "." + Digits(text.AsSpan(at)) : ""), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    /// <summary>The value with the minus that stands right before it, unless that joins two numbers or words.</summary>
    public static decimal Signed(string text, int start, decimal value) =>
        start > 0 && text[start - 1] is '-' or '\u2212' && (start == 1 || char.IsWhiteSpace(text[start - 2]) || text[start - 2] is '(') ? -value : value;

    private static bool LooksGrouped(string text, char mark) => text.Length - text.IndexOf(mark, StringComparison.Ordinal) == 4 && text.IndexOf(mark, StringComparison.Ordinal) <= 3 && !text.StartsWith('0');

    /// <summary>Behind each mark come three digits, up to the next one, and all marks are the same.</summary>
    private static bool IsGrouped(ReadOnlySpan<char> whole)
    {
        var first = whole.IndexOfAnyExceptInRange('0', '9');
        if (first < 0)
        {
            return true;
        }

        var mark = whole[first];
        for (var rest = whole[first..]; !rest.IsEmpty; rest = rest[4..])
        {
            if (rest[0] != mark || rest.Length < 4 || rest[1..4].IndexOfAnyExceptInRange('0', '9') >= 0)
            {
                return false;
            }
        }

        return first <= 3;
    }

    private static string Digits(ReadOnlySpan<char> text) => string.Concat(text.ToArray().Where(char.IsAsciiDigit));
}
