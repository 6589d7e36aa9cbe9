using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Api.Chat;

namespace AgentSystem.Api.Responses;

/// <summary>What a response repeats of its request: every member OpenAI's clients expect in it, with the default where the request said nothing.</summary>
internal static class ResponseEcho
{
    /// <param name="root">The request, whose members are known to be right.</param>
    /// <param name="model">As the client wrote it.</param>
    /// <param name="conversation">The thread.</param>
    /// <param name="store">Whether it is kept.</param>
    /// <param name="metadata">The client's own.</param>
    public static JsonObject Of(JsonElement root, string model, string? conversation, bool store, IReadOnlyDictionary<string, string> metadata) => new()
    {
        ["model"] = model,
        ["instructions"] = Or(root, "instructions", null),
        ["previous_response_id"] = Or(root, "previous_response_id", null),
        ["conversation"] = conversation is null ? null : new JsonObject { ["id"] = conversation },
        ["tools"] = new JsonArray([.. root.Items("tools", "tools").Select(static tool => Tool(tool.Item))]),
        ["tool_choice"] = Or(root, "tool_choice", "auto"),
        ["parallel_tool_calls"] = Or(root, "parallel_tool_calls", true),
        ["text"] = Text(root),
        ["temperature"] = Or(root, "temperature", 1.0),
        ["top_p"] = Or(root, "top_p", 1.0),
        ["presence_penalty"] = Or(root, "presence_penalty", 0.0),
        ["frequency_penalty"] = Or(root, "frequency_penalty", 0.0),
        ["top_logprobs"] = 0,
        ["max_output_tokens"] = Or(root, "max_output_tokens", null),
        ["max_tool_calls"] = null,
        ["truncation"] = Or(root, "truncation", "disabled"),
        ["reasoning"] = null,
        ["store"] = store,
        ["service_tier"] = "default",
        ["user"] = Or(root, "user", null),
        ["safety_identifier"] = OfText(root, "safety_identifier"),
        ["prompt_cache_key"] = OfText(root, "prompt_cache_key"),
        ["metadata"] = new JsonObject(metadata.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
    };

    private static JsonNode? Or(JsonElement root, string name, JsonNode? otherwise) => root.Get(name) is { } given ? JsonNode.Parse(given.GetRawText()) : otherwise;

    private static JsonNode? OfText(JsonElement root, string name) => root.Get(name) is { ValueKind: JsonValueKind.String } given ? given.GetString() : null;

    private static JsonObject Tool(JsonElement tool) => new()
    {
        ["type"] = "function",
        ["name"] = tool.Text("name", "name"),
        ["description"] = Or(tool, "description", null),
        ["parameters"] = Or(tool, "parameters", null),
        ["strict"] = Or(tool, "strict", null),
    };

    private static JsonObject Text(JsonElement root)
    {
        var text = root.Get("text") is { } given ? JsonNode.Parse(given.GetRawText())!.AsObject() : [];
        text["format"] ??= new JsonObject { ["type"] = "text" };
        return text;
    }
}
