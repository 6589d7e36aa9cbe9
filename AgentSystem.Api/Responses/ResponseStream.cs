using System.Text.Json.Nodes;
using AgentSystem.Api.Chat;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary>
/// Makes events of an answer while it is made, for a client and its recording. Nothing begins before the answer's first piece, so that a failure before it is a plain error answer
/// and leaves nothing behind.
/// </summary>
internal sealed class ResponseStream : IAnswerSink
{
    private readonly List<ReadOnlyMemory<byte>> pending = [];
    private readonly ResponseEvents events = new();
    private readonly HttpContext http;
    private readonly Func<StoredResponse, Task<RecordingWriter?>> begin;
    private RecordingWriter? recording;
    private readonly StoredResponse response;

    /// <param name="response">As it is when it begins.</param>
    /// <param name="http">The client.</param>
    /// <param name="begin">Keeps the response and begins its recording; gives null when nothing is kept.</param>
    public ResponseStream(StoredResponse response, HttpContext http, Func<StoredResponse, Task<RecordingWriter?>> begin)
    {
        (this.response, this.http, this.begin) = (response, http, begin);
        Output = new ResponseOutput((type, members) => pending.Add(events.Frame(type, members)));
    }

    /// <summary>The items so far.</summary>
    public ResponseOutput Output { get; }

    /// <summary>True once the client has been told of the response.</summary>
    public bool HasBegun { get; private set; }

    public async ValueTask WriteAsync(RunContext run, ChatResponseUpdate update, CancellationToken cancellation)
    {
        await BeginAsync(run);
        Output.Take(update.Contents);
        // A run may be stopped while its client is there: what is recorded is also sent.
        await SendAsync(http.RequestAborted);
    }

    /// <summary>Says why the end comes now, in an event of its own before it.</summary>
    public void Warn(RunFailure failure) => pending.Add(events.Error(failure.Code, failure.Message));

    /// <summary>Tells how it ended, and the end of the stream.</summary>
    public async Task FinishAsync(RunContext run, StoredResponse ended, CancellationToken cancellation)
    {
        await BeginAsync(run);
        pending.Add(events.Last(ended));
        var last = pending.ToArray();
        pending.Clear();
        // Not waited for: the end is kept with the response itself, and a reader that misses the recording's end takes it from there.
        _ = recording?.EndAsync(RecordingState.Finished, last);
        await ToClientAsync([.. last, ResponseEvents.Done], cancellation);
    }

    private async Task BeginAsync(RunContext run)
    {
        if (HasBegun)
        {
            return;
        }

        recording = await begin(response);
        HasBegun = true;
        WriteHead(http);
        AnswerHeaders.WriteEarly(http.Response.Headers, run);
        pending.Add(events.Frame("response.created", response));
        pending.Add(events.Frame("response.in_progress", new JsonObject { ["response"] = ResponseJson.Of(response) }));
    }

    /// <summary>The headers of every stream of this endpoint.</summary>
    public static void WriteHead(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["x-accel-buffering"] = "no";
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        var frames = pending.ToArray();
        pending.Clear();
        recording?.Append(frames);
        await ToClientAsync(frames, cancellation);
    }

    private async Task ToClientAsync(IReadOnlyList<ReadOnlyMemory<byte>> frames, CancellationToken cancellation)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        foreach (var frame in frames)
        {
            await http.Response.Body.WriteAsync(frame, cancellation);
        }

        await http.Response.Body.FlushAsync(cancellation);
    }
}
