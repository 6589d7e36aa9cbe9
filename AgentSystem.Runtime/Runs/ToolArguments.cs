using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Runs;

/// <summary>Arguments of tool calls in one form, so that the same arguments have the same hash whoever wrote them down.</summary>
public static class ToolArguments
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As a JSON object whose members are sorted by their names' character codes, at every level.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, object?>> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var node = JsonSerializer.SerializeToNode(arguments.ToDictionary(static pair => pair.Key, static pair => pair.Value), Readable);
        return Sorted(node)!.ToJsonString(Readable);
    }

    /// <summary>Hex SHA-256 of the tool's name and these arguments.</summary>
    public static string Hash(string tool, string arguments) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tool + "\n" + arguments)));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
