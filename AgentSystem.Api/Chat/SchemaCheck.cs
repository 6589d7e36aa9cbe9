using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentSystem.Api.Chat;

/// <summary>
/// Says what keeps a JSON value from being a JSON schema, so that the client learns it from us before a model was paid for. Keywords that are not known here are let through, and what a
/// schema means is the model's affair.
/// </summary>
internal static class SchemaCheck
{
    /// <summary>Longest pattern, in characters: reading one is work.</summary>
    private const int MaxPatternLength = 1_000;

    private static readonly string[] Types = ["string", "number", "integer", "boolean", "object", "array", "null"];

    /// <summary>What browsers read and .NET does not: such a pattern is not judged.</summary>
    private static readonly string[] ForeignPatterns = ["\\u{", "\\p{", "\\P{", "[^]", "[]", "\\c"];

    /// <summary>The trouble with a schema, with its place in it; null when there is none.</summary>
    public static string? Problem(JsonElement schema) => schema.ValueKind == JsonValueKind.Object ? Problem(schema, "") : "it must be an object";

    private static string? Problem(JsonElement schema, string at) => schema.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => null,
        JsonValueKind.Object => schema.EnumerateObject().Select(member => Problem(member.Name, member.Value, $"{at}/{member.Name}")).FirstOrDefault(static problem => problem is not null),
        _ => $"{at} must be a schema",
    };

    private static string? Problem(string keyword, JsonElement value, string at) => keyword switch
    {
        "type" => IsType(value) ? null : $"{at} must be one of {string.Join(", ", Types)}, or a list of them",
        "properties" or "patternProperties" or "$defs" or "definitions" or "dependentSchemas" => ProblemOfMap(value, at),
        "items" when value.ValueKind == JsonValueKind.Array => ProblemOfList(value, at),
        "items" or "additionalProperties" or "unevaluatedProperties" or "unevaluatedItems" or "contains" or "propertyNames" or "not" or "if" or "then" or "else" => Problem(value, at),
        "anyOf" or "allOf" or "oneOf" or "prefixItems" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? ProblemOfList(value, at) : $"{at} must be a list of schemas that is not empty",
        "required" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static name => name.ValueKind == JsonValueKind.String) ? null : $"{at} must be a list of names",
        "enum" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? null : $"{at} must be a list of values that is not empty",
        "pattern" => IsPattern(value) ? null : $"{at} must be a regular expression of at most {MaxPatternLength:N0} characters",
        "$ref" => value.ValueKind == JsonValueKind.String ? null : $"{at} must be a string",
        "minLength" or "maxLength" or "minItems" or "maxItems" or "minProperties" or "maxProperties" => value.ValueKind == JsonValueKind.Number && value.GetDouble() >= 0 ? null : $"{at} must be a number of 0 or more",
        "minimum" or "maximum" or "multipleOf" => value.ValueKind == JsonValueKind.Number ? null : $"{at} must be a number",
        _ => null,
    };

    private static string? ProblemOfMap(JsonElement map, string at) => map.ValueKind == JsonValueKind.Object
        ? map.EnumerateObject().Select(member => Problem(member.Value, $"{at}/{member.Name}")).FirstOrDefault(static problem => problem is not null)
        : $"{at} must be an object of schemas";

    private static string? ProblemOfList(JsonElement list, string at) =>
        list.EnumerateArray().Select((schema, i) => Problem(schema, $"{at}/{i}")).FirstOrDefault(static problem => problem is not null);

    private static bool IsType(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Types.Contains(value.GetString()),
        JsonValueKind.Array => value.GetArrayLength() > 0 && value.EnumerateArray().All(static type => type.ValueKind == JsonValueKind.String && Types.Contains(type.GetString())),
        _ => false,
    };

    private static bool IsPattern(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: <= MaxPatternLength } pattern)
        {
            return false;
        }

        try
        {
            return ForeignPatterns.Any(pattern.Contains) || new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Options == RegexOptions.CultureInvariant;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
