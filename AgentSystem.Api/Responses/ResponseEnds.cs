using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Api.Chat;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Responses;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary>What the end of a run means for its response.</summary>
internal static class ResponseEnds
{
    /// <summary>Status, output and result.</summary>
    /// <param name="result">How the run ended.</param>
    /// <param name="output">What it said.</param>
    /// <param name="at">Now.</param>
    public static ResponseEnd Of(RunResult result, ResponseOutput output, DateTimeOffset at)
    {
        var reason = result.Failure is null ? Incomplete(result.Run.Answer!) : null;
        output.Close(whole: result.Failure is null && reason is null);
        var status = result.Failure is { } failure
            ? failure == RunFailure.ClientGone ? ResponseStatus.Cancelled : ResponseStatus.Failed
            : reason is null ? ResponseStatus.Completed : ResponseStatus.Incomplete;
        var members = new JsonObject
        {
            ["error"] = status == ResponseStatus.Failed ? new JsonObject { ["code"] = result.Failure!.Code, ["message"] = result.Failure.Message } : null,
            ["incomplete_details"] = reason is null ? null : new JsonObject { ["reason"] = reason },
            ["usage"] = ResponseJson.Usage(result.Usage),
            ["agentsystem"] = Own(result),
        };
        return new ResponseEnd(status, output.Json, members.ToJsonString(JsonOutput.Values), at);
    }

    /// <summary>A failure in the words of this endpoint, whose members are called otherwise than the chat's.</summary>
    public static RunFailure InOurWords(RunFailure failure) => failure.Param switch
    {
        "metadata.thread_id" when failure.Code == ThreadFailures.NotFoundCode => failure with
        {
            Param = "conversation",
            Message = "There is no such thread of this request's user; POST /api/v1/threads begins one, and the same \"user\" goes on with it.",
        },
        "metadata.thread_id" => failure with { Param = "conversation" },
        "messages" => failure with { Param = "input" },
        _ => failure,
    };

    private static string? Incomplete(ChatResponse answer) =>
        answer.FinishReason == ChatFinishReason.Length ? "max_output_tokens" : answer.FinishReason == ChatFinishReason.ContentFilter ? "content_filter" : null;

    private static JsonNode? Own(RunResult result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOutput.Writer))
        {
            json.WriteStartObject();
            CompletionJson.WriteOwn(json, result);
            json.WriteEndObject();
        }

        return JsonNode.Parse(buffer.ToArray())!["agentsystem"]!.DeepClone();
    }
}
