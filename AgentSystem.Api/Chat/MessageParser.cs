using System.Text;
using System.Text.Json;
using AgentSystem.Api.Http;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Chat;

/// <summary>Reads the conversation.</summary>
internal static class MessageParser
{
    /// <summary>The messages, in order.</summary>
    public static List<ChatMessage> Read(JsonElement root) => [.. root.Items("messages", "messages").Select(message => Read(message.Item, message.Path))];

    private static ChatMessage Read(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw Members.Wrong(path, "an object with role and content");
        }

        switch (message.Text("role", path + ".role"))
        {
            case "system" or "developer":
                return new ChatMessage(ChatRole.System, Contents(message, path));
            case "user":
                return new ChatMessage(ChatRole.User, Contents(message, path));
            case "assistant":
                return new ChatMessage(ChatRole.Assistant, [.. Contents(message, path, optional: message.Get("tool_calls") is not null), .. Calls(message, path)]);
            case "tool":
                return ToolResult(message, path);
            default:
                throw Members.Wrong(path + ".role", "one of system, developer, user, assistant, tool");
        }
    }

    private static ChatMessage ToolResult(JsonElement message, string path)
    {
        var id = message.Text("tool_call_id", path + ".tool_call_id");
        if (string.IsNullOrEmpty(id))
        {
            throw Members.Wrong(path + ".tool_call_id", "the id of the call this answers");
        }

        var text = string.Concat(Contents(message, path).OfType<TextContent>().Select(c => c.Text));
        return new ChatMessage(ChatRole.Tool, [new FunctionResultContent(id, text)]);
    }

    private static List<AIContent> Contents(JsonElement message, string path, bool optional = false)
    {
        switch (message.Get("content"))
        {
            case null when optional:
                return [];
            case { ValueKind: JsonValueKind.String } text:
                return [new TextContent(text.GetString())];
            case { ValueKind: JsonValueKind.Array }:
                var parts = message.Items("content", path + ".content").Select(part => Part(part.Item, part.Path)).ToList();
                return parts.Count > 0 || optional ? parts : throw Members.Wrong(path + ".content", "a text or at least one part");
            default:
                throw Members.Wrong(path + ".content", "a text or a list of parts");
        }
    }

    private static AIContent Part(JsonElement part, string path)
    {
        switch (part.ValueKind == JsonValueKind.Object ? part.Text("type", path + ".type") : null)
        {
            case "text" or "input_text" when part.Text("text", path + ".text") is { } text:
                return new TextContent(text);
            case "image_url" when part.Get("image_url") is { ValueKind: JsonValueKind.Object } image && image.Text("url", path + ".image_url.url") is { } url:
                return Image(url, path + ".image_url.url");
            case "input_audio" when part.Get("input_audio") is { ValueKind: JsonValueKind.Object } audio:
                return Audio(audio, path + ".input_audio");
            default:
                throw Members.Wrong(path, "a part of type text, image_url or input_audio");
        }
    }

    /// <summary>A picture, by address or as a data: URI.</summary>
    public static AIContent Image(string url, string path)
    {
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                return new DataContent(url);
            }
            catch (Exception e) when (e is ArgumentException or UriFormatException)
            {
                throw Members.Wrong(path, "an https address or a data: URI with a base64 image");
            }
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            ? new UriContent(uri, "image/*")
            : throw Members.Wrong(path, "an https address or a data: URI with a base64 image");
    }

    /// <summary>A sound in base64.</summary>
    public static DataContent Audio(JsonElement audio, string path)
    {
        var (data, format) = (audio.Text("data", path + ".data"), audio.Text("format", path + ".format"));
        var buffer = new byte[(data?.Length ?? 0) * 3 / 4];
        return data is { Length: > 0 } && format is "wav" or "mp3" && Convert.TryFromBase64String(data!, buffer, out var written)
            ? new DataContent(buffer.AsMemory(0, written), format == "wav" ? "audio/wav" : "audio/mpeg")
            : throw Members.Wrong(path, "base64 data with format wav or mp3");
    }

    private static IEnumerable<AIContent> Calls(JsonElement message, string path)
    {
        foreach (var (call, callPath) in message.Items("tool_calls", path + ".tool_calls"))
        {
            if (call.ValueKind != JsonValueKind.Object || call.Get("function") is not { ValueKind: JsonValueKind.Object } function
                || call.Text("id", callPath + ".id") is not { Length: > 0 } id || function.Text("name", callPath + ".function.name") is not { Length: > 0 } name)
            {
                throw Members.Wrong(callPath, "{\"id\", \"type\": \"function\", \"function\": {\"name\", \"arguments\"}}");
            }

            yield return new FunctionCallContent(id, name, Arguments(function, callPath + ".function.arguments"));
        }
    }

    /// <summary>The arguments of a call, which are JSON within a string.</summary>
    public static Dictionary<string, object?> Arguments(JsonElement function, string path)
    {
        var json = function.Text("arguments", path) is { Length: > 0 } given ? given : "{}";
        if (RequestScan.Check(Encoding.UTF8.GetBytes(json)) is not null)
        {
            throw Members.Wrong(path, "a JSON object written as a string");
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(json) ?? [];
        }
        catch (JsonException)
        {
            throw Members.Wrong(path, "a JSON object written as a string");
        }
    }
}
