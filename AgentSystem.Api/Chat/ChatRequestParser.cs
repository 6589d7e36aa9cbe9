using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Chat;

/// <summary>Reads a chat completion body: OpenAI's members, unknown ones ignored, wrong ones named.</summary>
internal static class ChatRequestParser
{
    private const int MaxStops = 4;

    /// <summary>The request, or what is wrong with it.</summary>
    public static (ChatRequest? Request, RunFailure? Failure) Parse(ReadOnlyMemory<byte> body) => RequestBody.Open(body, Read, mayHoldMedia: true);

    private static ChatRequest Read(JsonElement root)
    {
        var model = RequestBody.AgentOf(root);

        var messages = MessageParser.Read(root);
        if (messages.Count == 0)
        {
            throw new BadMemberException(RunFailure.Invalid("missing_member", "\"messages\" is missing or empty; send at least one message.", "messages"));
        }

        if (root.Whole("n", 1, 128) is > 1)
        {
            throw new BadMemberException(RunFailure.Invalid("unsupported_value", "\"n\" greater than 1 is not supported; send the request several times.", "n"));
        }

        var streamOptions = root.Get("stream_options") is { ValueKind: JsonValueKind.Object } given ? given : (JsonElement?)null;
        return new ChatRequest(
            model, messages, ReadOptions(root), root.Text("user", "user"), root.Flag("stream", "stream"),
            streamOptions?.Flag("include_usage", "stream_options.include_usage") ?? false, MetadataParser.ThreadOf(root));
    }

    private static ChatOptions ReadOptions(JsonElement root)
    {
        var tools = ToolParser.ReadTools(root);
        return new ChatOptions
        {
            Temperature = (float?)root.Number("temperature", 0, 2),
            TopP = (float?)root.Number("top_p", 0, 1),
            FrequencyPenalty = (float?)root.Number("frequency_penalty", -2, 2),
            PresencePenalty = (float?)root.Number("presence_penalty", -2, 2),
            MaxOutputTokens = (int?)(root.Whole("max_completion_tokens", 1, int.MaxValue) ?? root.Whole("max_tokens", 1, int.MaxValue)),
            Seed = root.Whole("seed", long.MinValue, long.MaxValue),
            StopSequences = ReadStops(root),
            ResponseFormat = ReadFormat(root),
            Tools = tools,
            ToolMode = ToolParser.ReadChoice(root, tools),
            AllowMultipleToolCalls = root.Get("parallel_tool_calls") is null ? null : root.Flag("parallel_tool_calls", "parallel_tool_calls"),
        };
    }

    private static List<string>? ReadStops(JsonElement root)
    {
        switch (root.Get("stop"))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } one:
                return [NotEmpty(one.GetString()!)];
            default:
                var stops = root.Items("stop", "stop").Select(i => i.Item.ValueKind == JsonValueKind.String ? NotEmpty(i.Item.GetString()!) : throw Members.Wrong(i.Path, "a string")).ToList();
                return stops.Count <= MaxStops ? stops : throw Members.Wrong("stop", $"at most {MaxStops} strings");
        }
    }

    private static string NotEmpty(string stop) => stop.Length > 0 ? stop : throw Members.Wrong("stop", "made of strings that are not empty");

    private static ChatResponseFormat? ReadFormat(JsonElement root)
    {
        if (root.Get("response_format") is not { } format)
        {
            return null;
        }

        switch (format.ValueKind == JsonValueKind.Object ? format.Text("type", "response_format.type") : null)
        {
            case "text":
                return ChatResponseFormat.Text;
            case "json_object":
                return ChatResponseFormat.Json;
            case "json_schema" when format.Get("json_schema") is { ValueKind: JsonValueKind.Object } given && given.Get("schema") is { } schema:
                return ChatResponseFormat.ForJsonSchema(Checked(schema).Clone(), given.Text("name", "response_format.json_schema.name"));
            default:
                throw Members.Wrong("response_format", "{\"type\": \"text\"}, {\"type\": \"json_object\"}, or {\"type\": \"json_schema\", \"json_schema\": {\"name\", \"schema\"}}");
        }
    }

    private static JsonElement Checked(JsonElement schema) =>
        SchemaCheck.Problem(schema) is { } problem ? throw Members.Wrong("response_format.json_schema.schema", $"a JSON schema: {problem}") : schema;
}
