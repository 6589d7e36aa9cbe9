using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Runtime.Tools.Schemas;

namespace AgentSystem.Runtime.Tools.OpenApi;

/// <summary>Schemas of a document, made into parts of a tool's own schema: references lead into its <c>$defs</c>, and members that only answers have are left out.</summary>
internal sealed class OpenApiSchemas(JsonElement document)
{
    private const string Components = "#/components/schemas/";
    private const int Deepest = 64;

    private readonly Dictionary<string, JsonNode?> definitions = new(StringComparer.Ordinal);

    /// <summary>What a reference to a parameter or body leads to; the element itself where it is none.</summary>
    public JsonElement Follow(JsonElement element)
    {
        for (var i = 0; i < Deepest && element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference); i++)
        {
            element = Find(reference);
        }

        return element;
    }

    /// <summary>A schema under an argument; anything where there is none.</summary>
    public JsonNode Convert(JsonElement schema, string description)
    {
        var node = schema.ValueKind == JsonValueKind.Undefined ? new JsonObject() : Copy(schema, 0) as JsonObject ?? [];
        if (description.Length > 0 && node["description"] is null)
        {
            node["description"] = OpenApiText.Line(description, 500);
        }

        return node;
    }

    /// <summary>True for a schema of an object.</summary>
    public bool IsObject(JsonElement schema) => Follow(schema) is { ValueKind: JsonValueKind.Object } of && ((of.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "object") || of.TryGetProperty("properties", out _));

    /// <summary>Adds what references lead to.</summary>
    public void AddDefinitions(JsonObject schema)
    {
        if (definitions.Count > 0)
        {
            schema["$defs"] = new JsonObject(definitions.Select(static each => KeyValuePair.Create(each.Key, each.Value)));
        }
    }

    private JsonElement Find(JsonElement reference)
    {
        try
        {
            return SchemaMerge.Find(document, SchemaParts.Text(reference, "$ref"), "the operation");
        }
        catch (SchemaException e)
        {
            throw new OpenApiException(e.Message);
        }
    }

    private JsonNode? Copy(JsonElement value, int depth)
    {
        if (depth > Deepest)
        {
            throw new OpenApiException("its schema lies too deep");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(each => Copy(each, depth + 1))]);
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var member in value.EnumerateObject())
                {
                    copy[member.Name] = member.Name switch
                    {
                        "$ref" => Define(member.Value),
                        // Values and not schemas: a member called "$ref" in there is none.
                        "properties" or "$defs" or "definitions" when member.Value.ValueKind == JsonValueKind.Object => Map(member.Value, depth),
                        "enum" or "const" or "default" or "example" or "examples" => JsonNode.Parse(member.Value.GetRawText()),
                        _ => Copy(member.Value, depth + 1),
                    };
                }

                return WithoutAnswers(copy);
            default:
                return JsonNode.Parse(value.GetRawText());
        }
    }

    /// <summary>Schemas by name: a member may be called like a keyword.</summary>
    private JsonObject Map(JsonElement schemas, int depth) =>
        new(schemas.EnumerateObject().DistinctBy(static member => member.Name).Select(member => KeyValuePair.Create(member.Name, Copy(member.Value, depth + 1))));

    private string Define(JsonElement reference)
    {
        var text = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : "";
        if (!text.StartsWith(Components, StringComparison.Ordinal))
        {
            throw new OpenApiException($"its schema refers to \"{OpenApiText.Line(text, 100)}\"; only references to {Components} are followed");
        }

        var name = text[Components.Length..];
        if (!definitions.ContainsKey(name))
        {
            // Reserved first: a schema may refer to itself.
            definitions[name] = null;
            definitions[name] = Copy(Find(reference), 0);
        }

        return $"#/$defs/{name}";
    }

    /// <summary>Members that are read only are not sent (OpenAPI 3.0, 4.7.24.2).</summary>
    private static JsonObject WithoutAnswers(JsonObject schema)
    {
        if (schema["properties"] is JsonObject members)
        {
            foreach (var name in members.Where(static member => member.Value is JsonObject of && of["readOnly"] is JsonValue flag && flag.TryGetValue<bool>(out var only) && only).Select(static member => member.Key).ToList())
            {
                members.Remove(name);
                if (schema["required"] is JsonArray needed && needed.FirstOrDefault(item => item?.GetValueKind() == JsonValueKind.String && item.GetValue<string>() == name) is { } entry)
                {
                    needed.Remove(entry);
                }
            }
        }

        return schema;
    }
}
