using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Api.Chat;
using AgentSystem.Runtime.Responses;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary>Reads items: messages, calls and their results, as clients send them and as responses hold them.</summary>
internal static class ItemParser
{
    private const string Message = "message";
    private const string Call = "function_call";
    private const string Output = "function_call_output";
    private const string Reasoning = "reasoning";

    /// <summary>The items of <c>input</c>, a text being one message of the user: as they are kept, and as models read them.</summary>
    public static (JsonArray Items, List<ChatMessage> Messages) ReadInput(JsonElement root)
    {
        var messages = new List<ChatMessage>();
        switch (root.Get("input"))
        {
            case { ValueKind: JsonValueKind.String } text:
                messages.Add(new ChatMessage(ChatRole.User, text.GetString()));
                return ([Text(text.GetString()!)], messages);
            case { ValueKind: JsonValueKind.Array } list:
                var items = new JsonArray();
                foreach (var (item, path) in root.Items("input", "input"))
                {
                    items.Add(Keep(item, Add(messages, item, path)));
                }

                return (items, messages);
            case null:
                return ([], messages);
            default:
                throw Members.Wrong("input", "a text or a list of items");
        }
    }

    /// <summary>Items that were kept, as models read them.</summary>
    public static IEnumerable<ChatMessage> ReadKept(string json)
    {
        var messages = new List<ChatMessage>();
        using var items = JsonDocument.Parse(json);
        foreach (var item in items.RootElement.EnumerateArray())
        {
            Add(messages, item, "previous_response_id");
        }

        return messages;
    }

    /// <summary>The output of a response as a conversation goes on from it. A message that another one replaced, because whoever made it died, was not the answer.</summary>
    public static IEnumerable<ChatMessage> ReadOutput(string json)
    {
        using var items = JsonDocument.Parse(json);
        var (all, messages) = (items.RootElement, new List<ChatMessage>());
        for (var i = 0; i < all.GetArrayLength(); i++)
        {
            if (i == all.GetArrayLength() - 1 || all[i].Get("status") is not { ValueKind: JsonValueKind.String } status || status.GetString() != "incomplete")
            {
                Add(messages, all[i], "previous_response_id");
            }
        }

        return messages;
    }

    /// <summary>Adds one item to the conversation and gives its type.</summary>
    private static string Add(List<ChatMessage> messages, JsonElement item, string path)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw Members.Wrong(path, "an item");
        }

        var type = item.Text("type", path + ".type") ?? Message;
        switch (type)
        {
            case Message:
                messages.Add(new ChatMessage(Role(item, path), Contents(item, "content", path + ".content")));
                break;
            case Call:
                AddCall(messages, item, path);
                break;
            case Output:
                var id = item.Text("call_id", path + ".call_id") is { Length: > 0 } named ? named : throw Members.Wrong(path + ".call_id", "the call_id of the function_call this answers");
                messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(id, string.Concat(Contents(item, "output", path + ".output").OfType<TextContent>().Select(static text => text.Text)))]));
                break;
            case Reasoning:
                // Whatever a model thought is no part of what it is asked.
                break;
            default:
                throw Members.Wrong(path + ".type", $"one of {Message}, {Call}, {Output}, {Reasoning}");
        }

        return type;
    }

    private static ChatRole Role(JsonElement item, string path) => item.Text("role", path + ".role") switch
    {
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        "system" or "developer" => ChatRole.System,
        _ => throw Members.Wrong(path + ".role", "one of user, assistant, system, developer"),
    };

    /// <summary>Calls belong to the message that made them: models refuse them apart from each other.</summary>
    private static void AddCall(List<ChatMessage> messages, JsonElement item, string path)
    {
        var (id, name) = (item.Text("call_id", path + ".call_id"), item.Text("name", path + ".name"));
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(name))
        {
            throw Members.Wrong(path, "{\"type\": \"function_call\", \"call_id\", \"name\", \"arguments\"}");
        }

        var call = new FunctionCallContent(id, name, MessageParser.Arguments(item, path + ".arguments"));
        if (messages.LastOrDefault() is { } last && last.Role == ChatRole.Assistant)
        {
            last.Contents.Add(call);
        }
        else
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, [call]));
        }
    }

    private static List<AIContent> Contents(JsonElement item, string member, string path)
    {
        switch (item.Get(member))
        {
            case { ValueKind: JsonValueKind.String } text:
                return [new TextContent(text.GetString())];
            case { ValueKind: JsonValueKind.Array }:
                return [.. item.Items(member, path).Select(static part => Part(part.Item, part.Path))];
            default:
                throw Members.Wrong(path, "a text or a list of parts");
        }
    }

    private static AIContent Part(JsonElement part, string path)
    {
        switch (part.ValueKind == JsonValueKind.Object ? part.Text("type", path + ".type") : null)
        {
            case "input_text" or "output_text" or "text" when part.Text("text", path + ".text") is { } text:
                return new TextContent(text);
            case "refusal" when part.Text("refusal", path + ".refusal") is { } refusal:
                return new TextContent(refusal);
            case "input_image" when part.Text("image_url", path + ".image_url") is { } url:
                return MessageParser.Image(url, path + ".image_url");
            case "input_image":
                throw Members.Wrong(path + ".image_url", "an https address or a data: URI with a base64 image; pictures by file_id are not supported");
            case "input_audio" when part.Get("input_audio") is { ValueKind: JsonValueKind.Object } audio:
                return MessageParser.Audio(audio, path + ".input_audio");
            default:
                throw Members.Wrong(path, "a part of type input_text, output_text, refusal, input_image or input_audio");
        }
    }

    private static JsonObject Text(string text) => new()
    {
        ["type"] = Message,
        ["id"] = ItemIds.Item(Message),
        ["status"] = "completed",
        ["role"] = "user",
        ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text }),
    };

    /// <summary>The item as it is kept and listed: with a type, an id and a status, its text as a part.</summary>
    private static JsonObject Keep(JsonElement item, string type)
    {
        var kept = new JsonObject { ["type"] = type, ["id"] = item.Text("id", "id") is { Length: > 0 } id ? id : ItemIds.Item(type), ["status"] = item.Text("status", "status") ?? "completed" };
        foreach (var member in item.EnumerateObject().Where(member => !kept.ContainsKey(member.Name)))
        {
            kept[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        if (type == Message && kept["content"] is JsonValue text)
        {
            kept["content"] = new JsonArray(new JsonObject { ["type"] = kept["role"]!.GetValue<string>() == "assistant" ? "output_text" : "input_text", ["text"] = text.GetValue<string>() });
        }

        return kept;
    }
}
