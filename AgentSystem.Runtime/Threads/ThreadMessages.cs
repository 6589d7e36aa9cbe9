using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentSystem.Contracts.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Threads;

/// <summary>Between the messages models speak and the messages threads keep. Pictures and sounds are not kept; a word in brackets stands where they were.</summary>
public static class ThreadMessages
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A stored message as the model sees it again.</summary>
    public static ChatMessage Replay(MessageView message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Role == "tool")
        {
            return new ChatMessage(ChatRole.Tool, [new FunctionResultContent(message.CallId ?? "", message.Text)]);
        }

        List<AIContent> contents = message.Text.Length > 0 ? [new TextContent(message.Text)] : [];
        contents.AddRange(message.Calls.Select(static call => new FunctionCallContent(call.Id, call.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(call.Arguments))));
        return new ChatMessage(new ChatRole(message.Role), contents);
    }

    /// <summary>What a client sent, to keep. One message can become several: each tool's result is one.</summary>
    public static IEnumerable<NewMessage> Of(IEnumerable<ChatMessage> messages) => messages.SelectMany(static message => message.Role == ChatRole.Tool
        ? message.Contents.OfType<FunctionResultContent>().Select(Result)
        : [new NewMessage(message.Role.Value, TextOf(message.Contents), [.. message.Contents.OfType<FunctionCallContent>().Select(Call)])]);

    /// <summary>What a run produced, to keep: the pieces in the order they came, each message whole again.</summary>
    public static IReadOnlyList<NewMessage> Produced(IEnumerable<ChatResponseUpdate> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var messages = new List<NewMessage>();
        var (text, calls) = (new StringBuilder(), new List<MessageCall>());
        foreach (var content in pieces.SelectMany(static piece => piece.Contents))
        {
            switch (content)
            {
                case TextContent said when said.Text.Length > 0:
                    text.Append(said.Text);
                    break;
                case FunctionCallContent call:
                    calls.Add(Call(call));
                    break;
                case FunctionResultContent result:
                    Close();
                    messages.Add(Result(result));
                    break;
                default:
                    // Reasoning and token counts are not part of the conversation.
                    break;
            }
        }

        Close();
        return messages;

        void Close()
        {
            if (text.Length > 0 || calls.Count > 0)
            {
                messages.Add(new NewMessage("assistant", ThreadLimits.Storable(text.ToString()), [.. calls]));
                text.Clear();
                calls.Clear();
            }
        }
    }

    private static NewMessage Result(FunctionResultContent result) =>
        new("tool", ThreadLimits.Storable(result.Result as string ?? JsonSerializer.Serialize(result.Result, Readable)), [], ThreadLimits.Storable(result.CallId));

    private static MessageCall Call(FunctionCallContent call) =>
        new(ThreadLimits.Storable(call.CallId), ThreadLimits.Storable(call.Name), JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Readable));

    private static string TextOf(IEnumerable<AIContent> contents) => ThreadLimits.Storable(string.Concat(contents.Select(static content => content switch
    {
        TextContent text => text.Text,
        DataContent data => data.HasTopLevelMediaType("audio") ? "[audio]" : "[image]",
        UriContent => "[image]",
        _ => "",
    })));
}
