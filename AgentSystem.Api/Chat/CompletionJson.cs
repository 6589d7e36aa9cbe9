using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Chat;

/// <summary>Writes OpenAI's chat completion objects, and our own member beside them.</summary>
internal static class CompletionJson
{
    /// <summary>The parts of a completion that are the same in every chunk.</summary>
    public static void WriteHead(Utf8JsonWriter json, string kind, ChatCall call, long created)
    {
        json.WriteString("id", "chatcmpl-" + call.RequestId);
        json.WriteString("object", kind);
        json.WriteNumber("created", created);
        json.WriteString("model", call.Target);
    }

    /// <summary>Tool calls as OpenAI writes them; chunks carry an index.</summary>
    public static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<FunctionCallContent> calls, int? firstIndex)
    {
        json.WriteStartArray("tool_calls");
        for (var i = 0; i < calls.Count; i++)
        {
            json.WriteStartObject();
            if (firstIndex is { } first)
            {
                json.WriteNumber("index", first + i);
            }

            json.WriteString("id", calls[i].CallId);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", calls[i].Name);
            json.WriteString("arguments", JsonSerializer.Serialize(calls[i].Arguments ?? new Dictionary<string, object?>(), JsonOutput.Values));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Token counts.</summary>
    public static void WriteUsage(Utf8JsonWriter json, RequestUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.InputTokens);
        json.WriteNumber("completion_tokens", usage.OutputTokens);
        json.WriteNumber("total_tokens", usage.InputTokens + usage.OutputTokens);
        json.WriteEndObject();
    }

    /// <summary>OpenAI's word for why the answer ended.</summary>
    public static string FinishReason(ChatResponse answer, bool calls) =>
        calls ? "tool_calls" : answer.FinishReason == ChatFinishReason.Length ? "length" : answer.FinishReason == ChatFinishReason.ContentFilter ? "content_filter" : "stop";
}
