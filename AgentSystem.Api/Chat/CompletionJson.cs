using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
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

    /// <summary>Everything the late headers say, and the tools used, for streams whose headers have left already.</summary>
    public static void WriteOwn(Utf8JsonWriter json, RunResult result)
    {
        var usage = result.Usage;
        json.WriteStartObject("agentsystem");
        json.WriteString("request_id", usage.RequestId);
        json.WriteString("agent", usage.Agent);
        json.WriteString("instance", usage.Instance);
        json.WriteString("model", usage.Model);
        json.WriteString("cache", usage.Cache);
        json.WriteNumber("cost_usd", usage.CostUsd);
        if (usage.BudgetRemaining is { } remaining)
        {
            json.WriteNumber("budget_remaining", remaining);
        }

        json.WriteNumber("attempts", usage.Attempts);
        json.WriteNumber("fallbacks", usage.Fallbacks);
        json.WriteNumber("overhead_ms", usage.OverheadMs);
        json.WriteNumber("duration_ms", usage.DurationMs);
        if (usage.FirstTokenMs is { } first)
        {
            json.WriteNumber("first_token_ms", first);
        }

        if (result.Run.Report.Confidence is { } confidence)
        {
            json.WriteNumber("confidence", Math.Round(confidence, 4));
        }

        if (usage.ThreadId is { } thread)
        {
            json.WriteString("thread_id", thread);
        }

        json.WriteString("quality", usage.Quality);
        json.WritePropertyName("tools");
        JsonSerializer.Serialize(json, usage.Tools, PlatformJson.Options);
        json.WriteEndObject();
    }
}
