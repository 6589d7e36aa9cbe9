using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>Where a string argument's value comes from.</summary>
internal enum ArgumentSource
{
    /// <summary>Any string.</summary>
    Free,

    /// <summary>One of a fixed list (<c>enum</c>).</summary>
    Choice,

    /// <summary>A span of the user's text (<c>"x-copy": "span"</c>).</summary>
    Span,

    /// <summary>A whole number (<c>"type": "integer"</c>), between <c>minimum</c> and <c>maximum</c> where they are given.</summary>
    Integer,

    /// <summary>A number (<c>"type": "number"</c>), likewise.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>An expression over the numbers of the user's text (<c>"x-copy": "numbers"</c> with a <c>pattern</c> that names its characters).</summary>
    Numbers,
}

/// <summary>A property of a tool's arguments: a string, a number or a boolean.</summary>
/// <param name="Choices">The values there are, as JSON writes them; empty: any.</param>
internal sealed record ToolArgument(string Name, bool IsRequired, ArgumentSource Source, IReadOnlyList<string> Choices, Func<char, bool> IsAllowed)
{
    /// <summary>The least number; null: any.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest number; null: any.</summary>
    public double? Maximum { get; init; }

    /// <summary>Whether its value stands between quotes.</summary>
    public bool IsText => Source is not (ArgumentSource.Integer or ArgumentSource.Number or ArgumentSource.Boolean);
}

/// <summary>A tool as far as decoding and checking its calls goes.</summary>
/// <param name="Arguments">The properties in the schema's order; null when the schema is more than an object of strings, numbers and booleans.</param>
/// <param name="Required">Names that must be present, whatever the schema.</param>
internal sealed record ToolSchema(string Name, IReadOnlyList<ToolArgument>? Arguments, IReadOnlyList<string> Required)
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads a tool's declaration.</summary>
    public static ToolSchema Read(AIFunctionDeclaration tool)
    {
        var schema = tool.JsonSchema;
        var required = Find(schema, "required") is { ValueKind: JsonValueKind.Array } names
            ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!).ToArray()
            : [];
        var properties = Find(schema, "properties");
        if (properties is { ValueKind: not JsonValueKind.Object })
        {
            return new ToolSchema(tool.Name, null, required);
        }

        var arguments = properties?.EnumerateObject().Select(property => ReadArgument(property, required)).ToArray() ?? [];
        var known = arguments.OfType<ToolArgument>().ToArray();
        return new ToolSchema(tool.Name, known.Length == arguments.Length ? known : null, required);
    }

    private static ToolArgument? ReadArgument(JsonProperty property, string[] required)
    {
        var schema = property.Value;
        var isRequired = required.Contains(property.Name, StringComparer.Ordinal);
        ToolArgument Argument(ArgumentSource source, IReadOnlyList<string>? choices = null, Func<char, bool>? isAllowed = null) =>
            new(property.Name, isRequired, source, choices ?? [], isAllowed ?? (_ => true));

        if (!Is(schema, "string"))
        {
            return (Is(schema, "integer"), Is(schema, "number"), Is(schema, "boolean")) switch
            {
                (true, _, _) => Number(Argument(ArgumentSource.Integer, Listed(schema)), schema),
                (_, true, _) => Number(Argument(ArgumentSource.Number, Listed(schema)), schema),
                (_, _, true) => Argument(ArgumentSource.Boolean),
                _ => null,
            };
        }

        if (Find(schema, "enum") is { ValueKind: JsonValueKind.Array } choices)
        {
            var texts = choices.EnumerateArray().Where(choice => choice.ValueKind == JsonValueKind.String).Select(choice => choice.GetString()!).ToArray();
            return texts.Length == 0 ? null : Argument(ArgumentSource.Choice, texts);
        }

        return Text(schema, "x-copy") switch
        {
            null => Argument(ArgumentSource.Free),
            "span" => Argument(ArgumentSource.Span),
            "numbers" => CharacterClass(Text(schema, "pattern")) is { } isAllowed ? Argument(ArgumentSource.Numbers, isAllowed: isAllowed) : null,
            _ => null,
        };
    }

    private static ToolArgument Number(ToolArgument argument, JsonElement schema) => argument with { Minimum = Bound(schema, "minimum"), Maximum = Bound(schema, "maximum") };

    private static double? Bound(JsonElement schema, string key) => Find(schema, key) is { ValueKind: JsonValueKind.Number } bound ? bound.GetDouble() : null;

    private static string[] Listed(JsonElement schema) => Find(schema, "enum") is { ValueKind: JsonValueKind.Array } choices
        ? [.. choices.EnumerateArray().Where(static choice => choice.ValueKind == JsonValueKind.Number).Select(static choice => choice.GetRawText())]
        : [];

    private static bool Is(JsonElement schema, string wanted) => Find(schema, "type") switch
    {
        { ValueKind: JsonValueKind.String } type => type.GetString() == wanted,
        { ValueKind: JsonValueKind.Array } types => types.EnumerateArray().Any(type => type.ValueKind == JsonValueKind.String && type.GetString() == wanted),
        _ => false,
    };

    // A caller's pattern is asked about single characters only, by an engine without backtracking.
    private static Func<char, bool>? CharacterClass(string? pattern)
    {
        try
        {
            var regex = pattern is null ? null : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTime);
            return regex is null ? null : value => regex.IsMatch(value.ToString());
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement schema, string key) => Find(schema, key) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Find(JsonElement schema, string key) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(key, out var found) ? found : null;
}
