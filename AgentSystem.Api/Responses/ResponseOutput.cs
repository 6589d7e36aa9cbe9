using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary>Turns what an answer is made of into output items, and tells each step as the event OpenAI's clients expect, in their order.</summary>
/// <param name="tell">Takes an event's type and members; its number and its type are added there.</param>
internal sealed class ResponseOutput(Action<string, JsonObject> tell)
{
    private readonly JsonArray items = [];
    private readonly StringBuilder text = new();
    private string? message;

    /// <summary>The items so far, as JSON; those that are closed.</summary>
    public string Json => items.ToJsonString(JsonOutput.Values);

    /// <summary>Takes a piece of the answer.</summary>
    public void Take(IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
        {
            switch (content)
            {
                case TextContent said when said.Text.Length > 0:
                    Say(ThreadLimits.Storable(said.Text));
                    break;
                case FunctionCallContent call:
                    Close(whole: true);
                    Call(call);
                    break;
                default:
                    // Reasoning and counts are no part of the answer.
                    break;
            }
        }
    }

    /// <summary>Nothing more comes.</summary>
    /// <param name="whole">False when the message was cut off.</param>
    public void Close(bool whole)
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
        var (id, arguments) = (ItemIds.Item("function_call"), JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), JsonOutput.Values));
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
