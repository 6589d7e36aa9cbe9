using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Sessions;

/// <summary>Values as text and as nodes.</summary>
internal static class StoredValues
{
    /// <summary>Letters stay letters, so that a size is what a reader would count.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = SessionLimits.MaxDepth * 2 };

    public static string Write(JsonNode? value) => value is null ? "null" : value.ToJsonString(Options);

    public static JsonNode? Read(string json) => JsonNode.Parse(json);

    public static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
