using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Chat;

/// <summary>Writes a whole answer as one JSON object.</summary>
internal static class CompletionReply
{
    /// <summary>Status, headers and body.</summary>
    public static async Task WriteAsync(HttpContext http, RunResult result, DateTimeOffset now)
    {
        AnswerHeaders.WriteLate(http.Response.Headers, result);
        http.Response.ContentType = "application/json";
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOutput.Writer))
        {
            Write(json, result, now.ToUnixTimeSeconds());
        }

        http.Response.ContentLength = buffer.Length;
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, RunResult result, long created)
    {
        var answer = result.Run.Answer!;
        var calls = answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
        json.WriteStartObject();
        CompletionJson.WriteHead(json, "chat.completion", result.Run.Call, created);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (calls.Count > 0 && answer.Text.Length == 0)
        {
            json.WriteNull("content");
        }
        else
        {
            json.WriteString("content", answer.Text);
        }

        json.WriteNull("refusal");
        if (calls.Count > 0)
        {
            CompletionJson.WriteCalls(json, calls, null);
        }

        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", CompletionJson.FinishReason(answer, calls.Count > 0));
        json.WriteEndObject();
        json.WriteEndArray();
        CompletionJson.WriteUsage(json, result.Usage);
        json.WriteEndObject();
    }
}
