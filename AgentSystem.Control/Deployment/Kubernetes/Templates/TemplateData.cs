using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Control.Deployment.Kubernetes.Templates;

/// <summary>Values as a template sees them: texts, whole numbers, fractions, truths, maps, lists.</summary>
internal static class TemplateData
{
    public static object? From(JsonNode? node) => node switch
    {
        JsonObject members => members.ToDictionary(static member => member.Key, static member => From(member.Value), StringComparer.Ordinal),
        JsonArray items => items.Select(From).ToList(),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => value.TryGetValue<long>(out var whole) ? whole : value.TryGetValue<int>(out var small) ? (long)small : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
            _ => null,
        },
        _ => null,
    };

    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        IReadOnlyDictionary<string, object?> members => new JsonObject(members.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create(member.Key, ToJson(member.Value)))),
        IEnumerable<object?> items => new JsonArray([.. items.Select(ToJson)]),
        string text => JsonValue.Create(text),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        bool truth => JsonValue.Create(truth),
        _ => throw new TemplateException($"A value of {value.GetType().Name} cannot be written."),
    };

    /// <summary>Go's idea of empty: nothing, false, zero, and what has no members.</summary>
    public static bool IsEmpty(object? value) => value is null or false or 0L or 0d or "" or IReadOnlyDictionary<string, object?> { Count: 0 } or List<object?> { Count: 0 };

    /// <summary>As Go prints it.</summary>
    public static string Print(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new TemplateException("A map or a list cannot be written as it is: use toYaml."),
    };
}
