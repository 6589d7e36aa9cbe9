using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>
/// Brings the parts of <c>allOf</c> together into one schema. Checked one by one, closed objects would each refuse the members of the others. What two parts say differently cannot be brought together and is refused.
/// </summary>
internal sealed class SchemaMerge(JsonElement root)
{
    private const int Deepest = 16;

    /// <summary>The schema without its <c>allOf</c>.</summary>
    public JsonElement All(JsonElement schema, string at)
    {
        var merged = new JsonObject();
        Add(merged, schema, at, 0);
        return JsonSerializer.SerializeToElement(merged);
    }

    /// <summary>What a reference within the schema leads to (RFC 6901).</summary>
    public static JsonElement Find(JsonElement root, string reference, string at)
    {
        if (!reference.StartsWith('#') || (reference.Length > 1 && reference[1] != '/'))
        {
            throw new SchemaException($"\"{at}\" refers to \"{reference}\"; only references within the schema are followed, such as \"#/$defs/name\"");
        }

        var place = root;
        foreach (var step in reference.Split('/').Skip(1).Select(static step => Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(step, out place))
            {
                throw new SchemaException($"\"{at}\" refers to \"{reference}\", which the schema does not have");
            }
        }

        return place;
    }

    private void Add(JsonObject merged, JsonElement part, string at, int depth)
    {
        if (depth > Deepest || part.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException($"\"{at}.allOf\" must hold schemas that do not lead back to themselves");
        }

        if (part.TryGetProperty("$ref", out var reference))
        {
            Add(merged, Find(root, SchemaParts.Text(reference, $"{at}.$ref"), at), at, depth + 1);
        }

        if (part.TryGetProperty("allOf", out var all))
        {
            if (all.ValueKind != JsonValueKind.Array)
            {
                throw new SchemaException($"\"{at}.allOf\" must be a list of schemas");
            }

            foreach (var each in all.EnumerateArray())
            {
                Add(merged, each, at, depth + 1);
            }
        }

        foreach (var member in part.EnumerateObject().Where(static member => member.Name is not ("$ref" or "allOf" or "$defs" or "definitions")))
        {
            Add(merged, member.Name, JsonNode.Parse(member.Value.GetRawText()), at);
        }
    }

    private static void Add(JsonObject merged, string name, JsonNode? value, string at)
    {
        switch (name, merged[name], value)
        {
            case (_, null, _):
                merged[name] = value;
                break;
            case ("properties", JsonObject before, JsonObject more):
                foreach (var (member, schema) in more.ToList())
                {
                    Same(before[member], schema, $"{at}.properties.{member}");
                    before[member] = schema?.DeepClone();
                }

                break;
            case ("required", JsonArray before, JsonArray more):
                merged[name] = new JsonArray([.. before.Concat(more).Select(static item => item?.GetValue<string>()).Distinct().Select(static item => (JsonNode?)JsonValue.Create(item))]);
                break;
            case ("title" or "description" or "example" or "examples" or "default" or "$id" or "$schema" or "discriminator" or "xml" or "externalDocs" or "deprecated", _, _):
                merged[name] = value;
                break;
            default:
                Same(merged[name], value, $"{at}.{name}");
                break;
        }
    }

    private static void Same(JsonNode? before, JsonNode? now, string at)
    {
        if (before is not null && !JsonNode.DeepEquals(before, now))
        {
            throw new SchemaException($"\"{at}\": the parts of \"allOf\" say different things about it; write one schema instead");
        }
    }
}
