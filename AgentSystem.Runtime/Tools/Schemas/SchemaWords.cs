using System.Globalization;
using System.Text.Json;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>How places, values and expectations are said to a model.</summary>
internal static class SchemaWords
{
    private const int LongestValue = 60;
    private const int MostValues = 20;

    /// <summary>A member as it is addressed; the arguments themselves have no name.</summary>
    public static string Place(string at) => at.Length == 0 ? "the arguments" : $"\"{Cut(at, 200)}\"";

    /// <summary>A member of what lies at a place.</summary>
    public static string Within(string at, string name) => at.Length == 0 ? name : $"{at}.{name}";

    /// <summary>A value as JSON, cut.</summary>
    public static string Value(JsonElement value) => Cut(value.GetRawText(), LongestValue);

    /// <summary>A value with its type.</summary>
    public static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"the text {Value(value)}",
        JsonValueKind.Number => $"the number {Value(value)}",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength().ToString(CultureInfo.InvariantCulture)}",
        _ => value.GetRawText(),
    };

    /// <summary>Values there are.</summary>
    public static string List(IReadOnlyList<JsonElement> values) =>
        string.Join(", ", values.Take(MostValues).Select(Value)) + (values.Count > MostValues ? $" and {(values.Count - MostValues).ToString(CultureInfo.InvariantCulture)} more" : "");

    /// <summary>What kind of thing is wanted.</summary>
    public static string Kind(SchemaNode node) => node.Values is { Count: > 0 } values ? (values.Count == 1 ? Value(values[0]) : $"one of {List(values)}") : node.Kinds == JsonKinds.None ? "another value" : JsonKind.Words(node.Kinds);

    /// <summary>What a missing member is.</summary>
    public static string Shape(SchemaNode node) => node.Kinds == JsonKinds.None && node.Values is null ? About(node) : $"; it must be {Kind(node)}{About(node)}";

    /// <summary>What the schema says the member means.</summary>
    public static string About(SchemaNode node) => node.Description is { Length: > 0 } text ? $" ({Cut(text.ReplaceLineEndings(" "), 120)})" : "";

    /// <summary>How it could look.</summary>
    public static string Such(string? example) => example is null ? "" : $"; for example {Cut(example, 200)}";

    /// <summary>A number within bounds.</summary>
    public static string Number(JsonKinds kinds, NumberBounds bounds)
    {
        string?[] parts =
        [
            bounds.Least is { } least ? $"of at least {Digits(least)}" : null, bounds.Most is { } most ? $"of at most {Digits(most)}" : null,
            bounds.Above is { } above ? $"above {Digits(above)}" : null, bounds.Below is { } below ? $"below {Digits(below)}" : null, bounds.Step is { } step ? $"that is a multiple of {Digits(step)}" : null,
        ];
        var kind = kinds.HasFlag(JsonKinds.Integer) && !kinds.HasFlag(JsonKinds.Number) ? "a whole number" : "a number";
        return $"{kind} {string.Join(" and ", parts.Where(static part => part is not null))}";
    }

    /// <summary>A count within bounds.</summary>
    public static string Between(int? fewest, int? most) => (fewest, most) switch
    {
        ({ } least, { } greatest) when least == greatest => Whole(least),
        ({ } least, { } greatest) => $"{Whole(least)} to {Whole(greatest)}",
        ({ } least, null) => $"at least {Whole(least)}",
        (null, { } greatest) => $"at most {Whole(greatest)}",
        _ => "any number of",
    };

    /// <summary>What a text must be that is not; null where it fits.</summary>
    public static string? Misfit(TextBounds bounds, string text)
    {
        var length = text.EnumerateRunes().Count();
        return length < bounds.Shortest || length > bounds.Longest ? $"a text of {Between(bounds.Shortest, bounds.Longest)} characters"
            : bounds.Pattern?.IsMatch(text) == false ? $"a text that fits {bounds.Pattern}"
            : Format(bounds.Format, text) ? null
            : bounds.Format switch
            {
                "date-time" => "a time such as 2026-11-28T20:15:00Z (RFC 3339)",
                "date" => "a date such as 2026-11-28",
                "uuid" => "a UUID",
                "email" => "an e-mail address",
                _ => "an absolute address such as https://example.com/",
            };
    }

    /// <summary>The first entry of a list that stands in it again; null: none.</summary>
    public static JsonElement? Twice(JsonElement list)
    {
        var items = list.EnumerateArray().ToList();
        // Long lists of objects would take time by the square of their length: only their first entries are compared.
        var most = Math.Min(items.Count, 500);
        for (var i = 0; i < most; i++)
        {
            for (var j = i + 1; j < most; j++)
            {
                if (JsonElement.DeepEquals(items[i], items[j]))
                {
                    return items[i];
                }
            }
        }

        return null;
    }

    /// <summary>A name the object does not have, and the one that was probably meant.</summary>
    public static string Unknown(string place, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var meant = names.OrderBy(each => Distance(name, each)).ThenBy(static each => each, StringComparer.Ordinal).FirstOrDefault(each => Distance(name, each) <= Math.Max(1, each.Length / 3));
        var there = names.Count == 0 ? "there are no members; leave it out" : $"there are {string.Join(", ", names.Take(MostValues))}";
        return $"{Place(place)} is unknown; {there}{(meant is null ? "" : $"; did you mean \"{meant}\"?")}";
    }

    private static bool Format(string? format, string text) => format switch
    {
        "date-time" => text.Contains('T', StringComparison.OrdinalIgnoreCase) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "email" => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && !text.Any(char.IsWhiteSpace),
        "uri" or "url" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => true,
    };

    /// <summary>Levenshtein's distance of short names.</summary>
    private static int Distance(string one, string other)
    {
        if (Math.Max(one.Length, other.Length) > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]) ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");

    private static string Digits(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
