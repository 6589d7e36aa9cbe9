using AgentSystem.Api.Http;
using AgentSystem.Api.Http.Idempotency;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal static class CompleteChat
{
    private const string Endpoint = "chat.completions";

    /// <summary>Reads the body, runs the pipeline, writes the answer or the stream.</summary>
    public static async Task Handle(HttpContext http, ChatPipeline pipeline, KeyWatches keys, TimeProvider time)
    {
        var received = time.GetTimestamp();
        var now = time.GetUtcNow();
        var (request, refused) = ChatRequestParser.Parse(await ReadAsync(http));
        if (request is null)
        {
            await ErrorAnswers.WriteAsync(http, refused!, http.RequestAborted);
            return;
        }

        var call = new ChatCall(http.TraceIdentifier, Endpoint, http.Caller(), request.Model, request.Messages, request.Options, request.User, request.Stream, received, request.Thread);
        var stream = request.Stream ? new CompletionStream(http, now.ToUnixTimeSeconds()) : null;
        await using var key = stream is null ? null : keys.Over(http);
        var result = await pipeline.RunAsync(call, stream, key?.Token ?? http.RequestAborted);
        result = key?.Explain(result) ?? result;
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (result.Failure is { } failure && !http.Response.HasStarted)
        {
            AnswerHeaders.WriteEarly(http.Response.Headers, result.Run);
            await ErrorAnswers.WriteAsync(http, failure, http.RequestAborted);
        }
        else if (stream is not null)
        {
            if (result.Failure is not null)
            {
                RecordedAnswer.MarkFailed(http);
            }

            await stream.FinishAsync(result, request.IncludeUsage, http.RequestAborted);
        }
        else
        {
            await CompletionReply.WriteAsync(http, result, now);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http)
    {
        using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 4096, BodyLimits.MaxBytes));
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
