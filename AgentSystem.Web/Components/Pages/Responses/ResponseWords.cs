using System.Text.Json;

namespace AgentSystem.Web.Components.Pages.Responses;

/// <summary>Responses in a person's words.</summary>
internal static class ResponseWords
{
    /// <summary>What a response can have become, in the API's words.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["queued", "in_progress", "completed", "incomplete", "failed", "cancelled"];

    public static string Page(string id) => $"/responses/{Uri.EscapeDataString(id)}";

    public static string Status(string status) => status.Replace('_', ' ');

    /// <summary>The tone of a badge.</summary>
    public static string Tone(string status) => status switch
    {
        "completed" => "good",
        "failed" => "bad",
        "incomplete" => "warn",
        "in_progress" => "accent",
        _ => "",
    };

    /// <summary>Nothing more happens to it.</summary>
    public static bool HasEnded(string status) => status is not ("queued" or "in_progress");

    /// <summary>Items as who said what, in their order; an item of a kind the console does not know is named.</summary>
    public static IEnumerable<(string Who, string Text)> Said(JsonElement items)
    {
        foreach (var item in items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default)
        {
            yield return Text(item, "type") switch
            {
                "message" or null => (Text(item, "role") ?? "message", Content(item)),
                "function_call" => ("calls", $"{Text(item, "name")} {Text(item, "arguments")}"),
                "function_call_output" => ("result", Text(item, "output") ?? Content(item)),
                var kind => (kind, Content(item)),
            };
        }
    }

    private static string Content(JsonElement item) => item.TryGetProperty("content", out var content)
        ? content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(static part => Text(part, "text") ?? Text(part, "refusal") ?? $"({Text(part, "type")})")),
            _ => "",
        }
        : "";

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
