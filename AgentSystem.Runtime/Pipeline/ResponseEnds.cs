using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Runtime.Responses;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>What the end of a run means for its response.</summary>
public static class ResponseEnds
{
    private static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Status, output and result.</summary>
    /// <param name="result">How the run ended.</param>
    /// <param name="output">What it said.</param>
    /// <param name="at">Now.</param>
    /// <param name="earlier">Tokens and USD of earlier executions of a durable run.</param>
    public static ResponseEnd Of(RunResult result, ResponseOutput output, DateTimeOffset at, (long Input, long Output, decimal Usd) earlier = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(output);
        var reason = result.Failure is null ? Incomplete(result.Run.Answer!) : null;
        output.Close(whole: result.Failure is null && reason is null, answered: result.Failure is null);
        var status = result.Failure is { } failure
            ? failure == RunFailure.ClientGone ? ResponseStatus.Cancelled : ResponseStatus.Failed
            : reason is null ? ResponseStatus.Completed : ResponseStatus.Incomplete;
        var members = new JsonObject
        {
            ["error"] = status == ResponseStatus.Failed ? new JsonObject { ["code"] = result.Failure!.Code, ["message"] = result.Failure.Message } : null,
            ["incomplete_details"] = reason is null ? null : new JsonObject { ["reason"] = reason },
            ["usage"] = ResponseJson.Usage(earlier.Input + result.Usage.InputTokens, earlier.Output + result.Usage.OutputTokens),
            ["agentsystem"] = Own(result, earlier.Usd),
        };
        return new ResponseEnd(status, output.Json, members.ToJsonString(ResponseJson.Values), at);
    }

    private static string? Incomplete(ChatResponse answer) =>
        answer.FinishReason == ChatFinishReason.Length ? "max_output_tokens" : answer.FinishReason == ChatFinishReason.ContentFilter ? "content_filter" : null;

    private static JsonNode Own(RunResult result, decimal earlier)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Writer))
        {
            json.WriteStartObject();
            OwnFacts.Write(json, result);
            json.WriteEndObject();
        }

        var own = JsonNode.Parse(buffer.ToArray())!["agentsystem"]!.DeepClone();
        if (result.Run.Call.Journal is { } journal)
        {
            own["run_id"] = journal.Held.Run.Id;
            own["cost_usd"] = earlier + result.Usage.CostUsd;
        }

        return own;
    }
}
