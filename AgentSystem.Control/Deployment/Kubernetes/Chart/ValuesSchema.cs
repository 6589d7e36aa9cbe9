using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>
/// The schema that Helm holds an operator's values against: a misspelt parameter is refused instead of being ignored, and a choice is one of its words. Settings, secrets and whole objects of Kubernetes are open.
/// </summary>
internal static class ValuesSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static string Of(ChartValues values)
    {
        var schema = Closed(values.Root, "", values);
        // Helm itself adds this one.
        schema["properties"]!["global"] = new JsonObject { ["type"] = "object" };
        schema["$schema"] = "http://json-schema.org/draft-07/schema#";
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Closed(JsonObject members, string path, ChartValues values) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Key, One(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}", values)))),
    };

    private static JsonObject One(JsonNode? value, string key, ChartValues values) => value switch
    {
        JsonObject members when !values.Keys.Contains(key) => Closed(members, key, values),
        JsonObject when key.StartsWith("parameters.", StringComparison.Ordinal) => new() { ["type"] = "object" },
        // Variables: whatever type they have in a values file, they become texts.
        JsonObject => new() { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") } },
        JsonArray => new() { ["type"] = "array" },
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => new() { ["type"] = "integer", ["minimum"] = 1 },
        _ when values.ChoicesOf(key) is { } words => new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(static word => JsonValue.Create(word))]) },
        _ => new() { ["type"] = "string" },
    };
}
