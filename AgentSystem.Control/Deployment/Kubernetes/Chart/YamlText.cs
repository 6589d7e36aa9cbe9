using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>Writes JSON as block YAML. Texts are always in double quotes, so that nothing is taken for a number, a truth or a date; JSON's escapes are YAML's.</summary>
internal static partial class YamlText
{
    /// <summary>Spaces a level is indented by.</summary>
    public const int Step = 2;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole document.</summary>
    public static string Write(JsonNode? node)
    {
        var output = new StringBuilder();
        switch (node)
        {
            case JsonObject { Count: > 0 } or JsonArray { Count: > 0 }:
                Write(node, 0, output);
                break;
            default:
                output.Append(Scalar(node)).Append('\n');
                break;
        }

        return output.ToString();
    }

    /// <summary>A scalar, or an empty map or list.</summary>
    public static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ => node.ToJsonString(Readable),
    };

    /// <summary>A key, in quotes where it would be read as something else.</summary>
    public static string Key(string key) => PlainKey().IsMatch(key) ? key : JsonSerializer.Serialize(key, Readable);

    private static void Write(JsonNode node, int indent, StringBuilder output)
    {
        var pad = new string(' ', indent);
        if (node is JsonObject members)
        {
            foreach (var (key, value) in members)
            {
                output.Append(pad).Append(Key(key)).Append(':');
                Below(value, indent, output);
            }

            return;
        }

        foreach (var item in (JsonArray)node)
        {
            Item(item, indent, output);
        }
    }

    private static void Below(JsonNode? value, int indent, StringBuilder output)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            output.Append('\n');
            Write(value, indent + Step, output);
            return;
        }

        output.Append(' ').Append(Scalar(value)).Append('\n');
    }

    private static void Item(JsonNode? item, int indent, StringBuilder output)
    {
        if (item is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            var inner = new StringBuilder();
            Write(item, indent + Step, inner);
            // The first line of the item stands behind its dash.
            output.Append(' ', indent).Append("- ").Append(inner.ToString().AsSpan(indent + Step));
            return;
        }

        output.Append(' ', indent).Append("- ").Append(Scalar(item)).Append('\n');
    }

    [GeneratedRegex(@"^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_./-]*$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainKey();
}
