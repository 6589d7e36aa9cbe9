using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>The keywords of one schema that say something about one value.</summary>
internal static class SchemaParts
{
    private const int MostValues = 1_000;

    /// <summary>A keyword that must be a text.</summary>
    public static string Text(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new SchemaException($"\"{at}\" must be a text");

    /// <summary>What the schema says about itself.</summary>
    public static string? Description(JsonElement schema) => schema.TryGetProperty("description", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    /// <summary><c>type</c>, one or several, and <c>nullable</c> of OpenAPI 3.0.</summary>
    public static JsonKinds Kinds(JsonElement schema, string at)
    {
        var kinds = JsonKinds.None;
        if (schema.TryGetProperty("type", out var type))
        {
            foreach (var each in type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().ToArray() : [type])
            {
                var name = Text(each, $"{at}.type");
                kinds |= JsonKind.Of(name) is var kind and not JsonKinds.None ? kind : throw new SchemaException($"\"{at}.type\" is \"{name}\"; use {JsonKind.Names}");
            }
        }

        return kinds != JsonKinds.None && schema.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True ? kinds | JsonKinds.Null : kinds;
    }

    /// <summary><c>enum</c> and <c>const</c>.</summary>
    public static List<JsonElement>? Values(JsonElement schema, string at)
    {
        if (schema.TryGetProperty("const", out var only))
        {
            return [only];
        }

        if (!schema.TryGetProperty("enum", out var list))
        {
            return null;
        }

        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is > 0 and <= MostValues
            ? [.. list.EnumerateArray()]
            : throw new SchemaException($"\"{at}.enum\" must be a list of 1 to {MostValues} values");
    }

    /// <summary>Bounds of numbers; those of OpenAPI 3.0, where <c>exclusiveMinimum</c> is true or false, too.</summary>
    public static NumberBounds? Numbers(JsonElement schema, string at)
    {
        var (least, most, step) = (Number(schema, "minimum", at), Number(schema, "maximum", at), Number(schema, "multipleOf", at));
        var (above, below) = (Exclusive(schema, "exclusiveMinimum", ref least, at), Exclusive(schema, "exclusiveMaximum", ref most, at));
        if (step <= 0)
        {
            throw new SchemaException($"\"{at}.multipleOf\" must be above 0");
        }

        return (least ?? most ?? above ?? below ?? step) is null ? null : new NumberBounds(least, most, above, below, step);
    }

    /// <summary>Bounds of texts.</summary>
    public static TextBounds? Texts(JsonElement schema, string at)
    {
        var pattern = schema.TryGetProperty("pattern", out var given) ? Pattern(Text(given, $"{at}.pattern"), at) : null;
        var format = schema.TryGetProperty("format", out var named) ? Text(named, $"{at}.format") : null;
        var (shortest, longest) = (Count(schema, "minLength", at), Count(schema, "maxLength", at));
        return shortest is null && longest is null && pattern is null && format is null ? null : new TextBounds(shortest, longest, pattern, format);
    }

    /// <summary>Bounds of lists.</summary>
    public static ListBounds? Lists(JsonElement schema, string at)
    {
        var (fewest, most) = (Count(schema, "minItems", at), Count(schema, "maxItems", at));
        var unique = schema.TryGetProperty("uniqueItems", out var flag) && flag.ValueKind == JsonValueKind.True;
        return fewest is null && most is null && !unique ? null : new ListBounds(fewest, most, unique);
    }

    /// <summary>A value the schema shows.</summary>
    public static JsonElement? Example(JsonElement schema)
    {
        if (schema.TryGetProperty("examples", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0)
        {
            return list[0];
        }

        return schema.TryGetProperty("example", out var example) ? example : schema.TryGetProperty("default", out var usual) ? usual : null;
    }

    private static double? Number(JsonElement schema, string name, string at) =>
        !schema.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw new SchemaException($"\"{at}.{name}\" must be a number");

    private static double? Exclusive(JsonElement schema, string name, ref double? inclusive, string at)
    {
        if (!schema.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.False)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.True)
        {
            return Number(schema, name, at);
        }

        var bound = inclusive;
        inclusive = null;
        return bound;
    }

    private static int? Count(JsonElement schema, string name, string at) =>
        !schema.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0 ? count
        : throw new SchemaException($"\"{at}.{name}\" must be a whole number of at least 0");

    /// <summary>An engine without backtracking: whoever writes the pattern must not be able to make its checking slow.</summary>
    private static Regex Pattern(string pattern, string at)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new SchemaException($"\"{at}.pattern\" is no regular expression that can be checked in bounded time: leave out look-around and references to groups");
        }
    }
}
