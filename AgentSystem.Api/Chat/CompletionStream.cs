using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Chat;

/// <summary>Writes an answer as server-sent events while it is made. Nothing is sent before the first piece, so a failure before it is a plain error answer.</summary>
internal sealed class CompletionStream(HttpContext http, long created) : IAnswerSink
{
    private static readonly byte[] Data = "data: "u8.ToArray();
    private static readonly byte[] End = "\n\n"u8.ToArray();
    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();
    private int calls;

    public async ValueTask WriteAsync(RunContext run, ChatResponseUpdate update, CancellationToken cancellation)
    {
        // A run may be stopped while its client is there: what is being written is written to its end.
        cancellation = http.RequestAborted;
        await BeginAsync(run, cancellation);
        var tools = update.Contents.OfType<FunctionCallContent>().ToList();
        if (update.Text.Length > 0)
        {
            await ChunkAsync(run.Call, json => WriteChoice(json, delta => delta.WriteString("content", update.Text), null), cancellation);
        }

        if (tools.Count > 0)
        {
            var first = calls;
            calls += tools.Count;
            await ChunkAsync(run.Call, json => WriteChoice(json, delta => CompletionJson.WriteCalls(delta, tools, first), null), cancellation);
        }
    }

    /// <summary>Ends the stream: the finish reason, the usage if asked for, and in the last chunk our own member. A failure after the first piece is an error event.</summary>
    public async Task FinishAsync(RunResult result, bool includeUsage, CancellationToken cancellation)
    {
        var run = result.Run;
        if (result.Failure is { } failure)
        {
            await SendAsync(ErrorAnswers.Envelope(failure), cancellation);
            await http.Response.Body.WriteAsync(Done, cancellation);
            return;
        }

        await BeginAsync(run, cancellation);
        var reason = CompletionJson.FinishReason(run.Answer!, calls > 0);
        await ChunkAsync(run.Call, json =>
        {
            WriteChoice(json, static _ => { }, reason);
            if (!includeUsage)
            {
                OwnFacts.Write(json, result);
            }
        }, cancellation);
        if (includeUsage)
        {
            await ChunkAsync(run.Call, json =>
            {
                json.WriteStartArray("choices");
                json.WriteEndArray();
                CompletionJson.WriteUsage(json, result.Usage);
                OwnFacts.Write(json, result);
            }, cancellation);
        }

        await http.Response.Body.WriteAsync(Done, cancellation);
    }

    private async Task BeginAsync(RunContext run, CancellationToken cancellation)
    {
        if (http.Response.HasStarted)
        {
            return;
        }

        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["x-accel-buffering"] = "no";
        AnswerHeaders.WriteEarly(http.Response.Headers, run);
        await ChunkAsync(run.Call, json => WriteChoice(json, static delta =>
        {
            delta.WriteString("role", "assistant");
            delta.WriteString("content", "");
        }, null), cancellation);
    }

    private static void WriteChoice(Utf8JsonWriter json, Action<Utf8JsonWriter> delta, string? reason)
    {
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        delta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", reason);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private Task ChunkAsync(ChatCall call, Action<Utf8JsonWriter> members, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOutput.Writer))
        {
            json.WriteStartObject();
            CompletionJson.WriteHead(json, "chat.completion.chunk", call, created);
            members(json);
            json.WriteEndObject();
        }

        return SendAsync(buffer.ToArray(), cancellation);
    }

    private async Task SendAsync(byte[] payload, CancellationToken cancellation)
    {
        await http.Response.Body.WriteAsync(Data, cancellation);
        await http.Response.Body.WriteAsync(payload, cancellation);
        await http.Response.Body.WriteAsync(End, cancellation);
        await http.Response.Body.FlushAsync(cancellation);
    }
}
