using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>Makes the smallest value that fits a schema, out of the schema's own examples where it has them.</summary>
internal sealed class SchemaExample(ToolSchema schema)
{
    private const int Deepest = 12;
    private const int LongestMade = 200;
    private const int MostMade = 20;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Arguments that fit as JSON; null where none could be made.</summary>
    public string? Make() => Of(schema.Root);

    /// <summary>The same for one member.</summary>
    public string? Of(SchemaNode node)
    {
        if (!TryMake(node, 0, out var made))
        {
            return null;
        }

        var text = made?.ToJsonString(Readable) ?? "null";
        // What is told as an example is one: an example of the schema's author may be wrong itself.
        using var document = JsonDocument.Parse(text);
        return new SchemaCheck(schema, quiet: true).Fits(node, document.RootElement) ? text : null;
    }

    private bool TryMake(SchemaNode given, int depth, out JsonNode? made)
    {
        made = null;
        var node = schema.Resolve(given);
        if (depth > Deepest)
        {
            return false;
        }

        if (node.Example is { } shown && new SchemaCheck(schema, quiet: true).Fits(node, shown))
        {
            made = Copy(shown);
            return true;
        }

        if (node.Values is { Count: > 0 } values)
        {
            made = Copy(values[0]);
            return true;
        }

        if (node.Choices is { } choices && node.Members is null)
        {
            foreach (var choice in choices)
            {
                if (TryMake(choice, depth + 1, out made))
                {
                    return true;
                }
            }

            return false;
        }

        return TryKind(node, depth, out made);
    }

    private bool TryKind(SchemaNode node, int depth, out JsonNode? made)
    {
        var kinds = node.Kinds;
        made = kinds switch
        {
            _ when kinds == JsonKinds.None || kinds.HasFlag(JsonKinds.String) => Text(node.Texts),
            _ when kinds.HasFlag(JsonKinds.Integer) => Number(node.Numbers, whole: true),
            _ when kinds.HasFlag(JsonKinds.Number) => Number(node.Numbers, whole: false),
            _ when kinds.HasFlag(JsonKinds.Boolean) => JsonValue.Create(true),
            _ when kinds.HasFlag(JsonKinds.Object) => Object(node, depth),
            _ when kinds.HasFlag(JsonKinds.Array) => List(node, depth),
            _ => null,
        };
        return made is not null || kinds == JsonKinds.Null;
    }

    private JsonObject? Object(SchemaNode node, int depth)
    {
        var made = new JsonObject();
        foreach (var name in node.Required)
        {
            if (!TryMake(node.Member(name) ?? SchemaNode.Any, depth + 1, out var member))
            {
                return null;
            }

            made[name] = member;
        }

        return made;
    }

    private JsonArray? List(SchemaNode node, int depth)
    {
        var count = node.Lists?.Fewest ?? 0;
        var made = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            if (count > MostMade || !TryMake(node.Items ?? SchemaNode.Any, depth + 1, out var item))
            {
                return null;
            }

            made.Add(item);
        }

        return made;
    }

    private static JsonValue? Text(TextBounds? bounds)
    {
        var text = bounds?.Format switch
        {
            "date-time" => "2026-11-28T20:15:00Z",
            "date" => "2026-11-28",
            "uuid" => "7d444840-9dc0-11d1-b245-5ffdce74fad2",
            "email" => "someone@example.com",
            "uri" or "url" => "https://example.com/",
            _ => "text",
        };
        var (shortest, longest) = (bounds?.Shortest ?? 0, bounds?.Longest ?? int.MaxValue);
        return shortest > LongestMade ? null : JsonValue.Create(text.Length > longest ? text[..longest] : text.PadRight(shortest, 'x'));
    }

    private static JsonValue? Number(NumberBounds? bounds, bool whole)
    {
        var step = bounds?.Step ?? 1;
        var least = bounds?.Least ?? bounds?.Above ?? Math.Min(1, bounds?.Most ?? bounds?.Below ?? 1);
        double[] tries = [Math.Ceiling(least / step) * step, (Math.Floor(least / step) + 1) * step, (Math.Floor(least / step) - 1) * step, least, Middle(bounds, least), 0];
        foreach (var number in tries)
        {
            if ((!whole || double.IsInteger(number)) && Math.Abs(number) < 1e15)
            {
                var text = whole ? ((long)number).ToString(CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);
                using var document = JsonDocument.Parse(text);
                if (bounds is null || SchemaCheck.InBounds(bounds, document.RootElement.GetDouble()))
                {
                    return (JsonValue)JsonNode.Parse(text)!;
                }
            }
        }

        return null;
    }

    private static double Middle(NumberBounds? bounds, double least) => (least + (bounds?.Most ?? bounds?.Below ?? least + 1)) / 2;

    private static JsonNode? Copy(JsonElement value) => JsonNode.Parse(value.GetRawText());
}
