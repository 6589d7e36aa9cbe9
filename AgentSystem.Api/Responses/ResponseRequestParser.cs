using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Api.Chat;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary>Reads the body of <c>POST /v1/responses</c>: OpenAI's members, unknown ones ignored, wrong and unsupported ones named.</summary>
internal static class ResponseRequestParser
{
    /// <summary>Known members that would be misunderstood if they were ignored.</summary>
    private static readonly string[] Unsupported = ["prompt", "max_tool_calls", "context_management"];

    /// <summary>The request, or what is wrong with it.</summary>
    public static (ResponseRequest? Request, RunFailure? Failure) Parse(ReadOnlyMemory<byte> body) => RequestBody.Open(body, Read, mayHoldMedia: true);

    private static ResponseRequest Read(JsonElement root)
    {
        var model = RequestBody.AgentOf(root);

        RefuseUnsupported(root);
        var (input, messages) = ItemParser.ReadInput(root);
        var (previous, conversation) = (root.Text("previous_response_id", "previous_response_id"), ReadConversation(root));
        var (store, background) = (root.Get("store") is null || root.Flag("store", "store"), root.Flag("background", "background"));
        RefuseCombination(input, previous, conversation, store, background);
        var instructions = root.Text("instructions", "instructions");
        var (options, metadata) = ReadOptions(root);
        return new ResponseRequest(
            model, instructions, input, messages, options, root.Text("user", "user"), root.Flag("stream", "stream"), background, store, previous, conversation,
            ReadTruncation(root), ResponseEcho.Of(root, model, conversation, store, metadata));
    }

    private static void RefuseUnsupported(JsonElement root)
    {
        foreach (var name in Unsupported.Where(name => root.Get(name) is not null))
        {
            throw new BadMemberException(RunFailure.Invalid("unsupported_value", $"\"{name}\" is not supported; leave it out.", name));
        }

        if (root.Whole("top_logprobs", 0, 20) is > 0)
        {
            throw new BadMemberException(RunFailure.Invalid("unsupported_value", "\"top_logprobs\" greater than 0 is not supported; leave it out.", "top_logprobs"));
        }
    }

    private static void RefuseCombination(JsonArray input, string? previous, string? conversation, bool store, bool background)
    {
        if (input.Count == 0)
        {
            throw new BadMemberException(RunFailure.Invalid("missing_member", "\"input\" is missing or empty; send a text or at least one item.", "input"));
        }

        if (previous is not null && conversation is not null)
        {
            throw new BadMemberException(RunFailure.Invalid("invalid_value", "\"previous_response_id\" and \"conversation\" cannot be used together; send one of them.", "previous_response_id"));
        }

        if (background && !store)
        {
            throw new BadMemberException(RunFailure.Invalid("invalid_value", "A response in the background is read from where it is kept; leave \"store\" out, or \"background\".", "store"));
        }
    }

    private static string? ReadConversation(JsonElement root) => root.Get("conversation") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } id when id.GetString() is { Length: > 0 } named => named,
        { ValueKind: JsonValueKind.Object } given when given.Text("id", "conversation.id") is { Length: > 0 } named => named,
        _ => throw Members.Wrong("conversation", "the id of a thread, or an object with it"),
    };

    private static bool ReadTruncation(JsonElement root) => root.Text("truncation", "truncation") switch
    {
        null or "disabled" => false,
        "auto" => true,
        _ => throw Members.Wrong("truncation", "\"auto\" or \"disabled\""),
    };

    private static (ChatOptions Options, IReadOnlyDictionary<string, string> Metadata) ReadOptions(JsonElement root)
    {
        var (tools, mode) = ResponseTools.Read(root);
        return (
            new ChatOptions
            {
                Temperature = (float?)root.Number("temperature", 0, 2),
                TopP = (float?)root.Number("top_p", 0, 1),
                FrequencyPenalty = (float?)root.Number("frequency_penalty", -2, 2),
                PresencePenalty = (float?)root.Number("presence_penalty", -2, 2),
                MaxOutputTokens = (int?)root.Whole("max_output_tokens", 1, int.MaxValue),
                ResponseFormat = ReadFormat(root),
                Tools = tools,
                ToolMode = mode,
                AllowMultipleToolCalls = root.Get("parallel_tool_calls") is null ? null : root.Flag("parallel_tool_calls", "parallel_tool_calls"),
            },
            ReadMetadata(root));
    }

    private static ChatResponseFormat? ReadFormat(JsonElement root)
    {
        if (root.Get("text") is not { } text)
        {
            return null;
        }

        if (text.ValueKind != JsonValueKind.Object)
        {
            throw Members.Wrong("text", "an object with \"format\"");
        }

        if (text.Get("format") is not { } format)
        {
            return null;
        }

        switch (format.ValueKind == JsonValueKind.Object ? format.Text("type", "text.format.type") : null)
        {
            case "text":
                return ChatResponseFormat.Text;
            case "json_object":
                return ChatResponseFormat.Json;
            case "json_schema" when format.Get("schema") is { } schema:
                return SchemaCheck.Problem(schema) is { } problem
                    ? throw Members.Wrong("text.format.schema", $"a JSON schema: {problem}")
                    : ChatResponseFormat.ForJsonSchema(schema.Clone(), format.Text("name", "text.format.name"));
            default:
                throw Members.Wrong("text.format", "{\"type\": \"text\"}, {\"type\": \"json_object\"}, or {\"type\": \"json_schema\", \"name\", \"schema\"}");
        }
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement root)
    {
        const string member = "metadata";
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.Get(member) is not { } given)
        {
            return pairs;
        }

        if (given.ValueKind != JsonValueKind.Object || given.EnumerateObject().Any(static pair => pair.Value.ValueKind != JsonValueKind.String))
        {
            throw Members.Wrong(member, "an object of strings");
        }

        foreach (var pair in given.EnumerateObject())
        {
            pairs[pair.Name] = pair.Value.GetString()!;
        }

        return ThreadLimits.Problem(pairs) is { } problem ? throw Members.Wrong(member, problem) : pairs;
    }
}
