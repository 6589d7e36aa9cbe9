using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Responses;

/// <summary>
/// Turns what an answer is made of into output items, and tells each step as the event OpenAI's clients expect, in their order. An answer that is made again, because whoever made it
/// died, is compared with what was told: what is the same is not told again; where it differs the message told so far ends as incomplete and another begins.
/// </summary>
public sealed class ResponseOutput
{
    private readonly Action<string, JsonObject> tell;
    private readonly JsonArray items;
    private readonly StringBuilder text = new();
    private readonly List<AIContent>? held;
    private int? again;
    private string? message;
    private char? half;

    /// <summary>Begins an answer, or goes on with one.</summary>
    /// <param name="tell">Takes an event's type and members; its number and its type are added there.</param>
    /// <param name="told">What an earlier maker told, for an answer that is made from its beginning again; null: there was none, and calls of functions are told as they come.</param>
    public ResponseOutput(Action<string, JsonObject> tell, ToldOutput? told = null)
    {
        this.tell = tell;
        items = told?.Items ?? [];
        // A client may act on a call as soon as it is told, so one that may be taken back is told at the end.
        held = told is null ? null : [];
        if (told?.Message is { } open)
        {
            message = open;
            text.Append(told.Text);
            again = 0;
        }
    }

    /// <summary>The items so far, as JSON; those that are closed.</summary>
    public string Json => items.ToJsonString(ResponseJson.Values);

    /// <summary>Takes a piece of the answer.</summary>
    public void Take(IEnumerable<AIContent> contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        foreach (var content in contents)
        {
            if (held is not null && (held.Count > 0 || content is FunctionCallContent))
            {
                held.Add(content);
            }
            else
            {
                Add(content);
            }
        }
    }

    /// <summary>Nothing more comes.</summary>
    /// <param name="whole">False when the message was cut off.</param>
    /// <param name="answered">False when the answer failed: calls that were not told yet are not made.</param>
    public void Close(bool whole, bool answered = true)
    {
        if (answered)
        {
            held?.ForEach(Add);
        }

        held?.Clear();
        EndText(whole);
    }

    private void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } said:
                Hear(said.Text);
                break;
            case FunctionCallContent call:
                EndText(whole: true);
                Call(call);
                break;
            default:
                // Reasoning and counts are no part of the answer.
                break;
        }
    }

    /// <summary>Whole characters only: the halves of a surrogate pair can come in two pieces.</summary>
    private void Hear(string piece)
    {
        var said = half is { } first ? first + piece : piece;
        half = char.IsHighSurrogate(said[^1]) ? said[^1] : null;
        if ((half is null ? said : said[..^1]) is { Length: > 0 } complete)
        {
            Compare(ThreadLimits.Storable(complete));
        }
    }

    /// <summary>While an answer is made again: nothing is told until it is longer than what was told, or another.</summary>
    private void Compare(string piece)
    {
        if (again is not { } at)
        {
            Say(piece);
            return;
        }

        var common = Math.Min(piece.Length, text.Length - at);
        if (text.ToString(at, common) == piece[..common])
        {
            again = common == piece.Length ? at + common : null;
            Say(piece[common..]);
            return;
        }

        Restart(at);
        Say(piece);
    }

    /// <summary>What was told is not what is said now: it ends, and what is the same is told again in a message of its own.</summary>
    private void Restart(int same)
    {
        var repeated = text.ToString(0, same);
        again = null;
        CloseMessage(whole: false);
        Say(repeated);
    }

    private void EndText(bool whole)
    {
        if (half is { } lone)
        {
            half = null;
            Compare(ThreadLimits.Storable(lone.ToString()));
        }

        if (again is { } at && at < text.Length)
        {
            // It ended before it came to what was told; where nothing was said this time, what was told is all there is.
            whole &= at > 0;
            if (at > 0)
            {
                Restart(at);
            }
        }

        again = null;
        CloseMessage(whole);
    }

    private void CloseMessage(bool whole)
    {
        if (message is not { } id)
        {
            return;
        }

        tell("response.output_text.done", Place(id, new JsonObject { ["content_index"] = 0, ["text"] = text.ToString(), ["logprobs"] = new JsonArray() }));
        tell("response.content_part.done", Place(id, new JsonObject { ["content_index"] = 0, ["part"] = Part(text.ToString()) }));
        var item = Message(id, whole ? "completed" : "incomplete", Part(text.ToString()));
        tell("response.output_item.done", new JsonObject { ["output_index"] = items.Count, ["item"] = item.DeepClone() });
        items.Add(item);
        (message, _) = (null, text.Clear());
    }

    private void Say(string piece)
    {
        if (piece.Length == 0)
        {
            return;
        }

        if (message is null)
        {
            message = ItemIds.Item("message");
            tell("response.output_item.added", new JsonObject { ["output_index"] = items.Count, ["item"] = Message(message, "in_progress") });
            tell("response.content_part.added", Place(message, new JsonObject { ["content_index"] = 0, ["part"] = Part("") }));
        }

        text.Append(piece);
        tell("response.output_text.delta", Place(message, new JsonObject { ["content_index"] = 0, ["delta"] = piece, ["logprobs"] = new JsonArray() }));
    }

    private void Call(FunctionCallContent call)
    {
        var (id, arguments) = (ItemIds.Item("function_call"), JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), ResponseJson.Values));
        tell("response.output_item.added", new JsonObject { ["output_index"] = items.Count, ["item"] = Function(id, call, "", "in_progress") });
        tell("response.function_call_arguments.delta", Place(id, new JsonObject { ["delta"] = arguments }));
        tell("response.function_call_arguments.done", Place(id, new JsonObject { ["name"] = call.Name, ["arguments"] = arguments }));
        var item = Function(id, call, arguments, "completed");
        tell("response.output_item.done", new JsonObject { ["output_index"] = items.Count, ["item"] = item.DeepClone() });
        items.Add(item);
    }

    private JsonObject Place(string id, JsonObject members)
    {
        members["item_id"] = id;
        members["output_index"] = items.Count;
        return members;
    }

    private static JsonObject Part(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() };

    private static JsonObject Message(string id, string status, params JsonNode[] parts) =>
        new() { ["type"] = "message", ["id"] = id, ["status"] = status, ["role"] = "assistant", ["content"] = new JsonArray(parts) };

    private static JsonObject Function(string id, FunctionCallContent call, string arguments, string status) =>
        new() { ["type"] = "function_call", ["id"] = id, ["call_id"] = call.CallId, ["name"] = call.Name, ["arguments"] = arguments, ["status"] = status };
}
