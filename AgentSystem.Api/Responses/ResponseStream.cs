using System.Text.Json.Nodes;
using AgentSystem.Api.Chat;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary>
/// Makes events of an answer while it is made, for a client, a recording, or both. Nothing begins before the answer's first piece, so that a failure before it is a plain error answer
/// and leaves nothing behind.
/// </summary>
internal sealed class ResponseStream : IAnswerSink
{
    private readonly List<ReadOnlyMemory<byte>> pending = [];
    private readonly ResponseEvents events = new();
    private readonly HttpContext? http;
    private readonly Func<StoredResponse, Task<RecordingWriter?>>? begin;
    private RecordingWriter? recording;
    private StoredResponse response;

    private ResponseStream(StoredResponse response, HttpContext? http, Func<StoredResponse, Task<RecordingWriter?>>? begin, RecordingWriter? recording)
    {
        (this.response, this.http, this.begin, this.recording) = (response, http, begin, recording);
        Output = new ResponseOutput((type, members) => pending.Add(events.Frame(type, members)));
    }

    /// <summary>The items so far.</summary>
    public ResponseOutput Output { get; }

    /// <summary>True once the client, or the recording, has been told of the response.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>For a client that waits.</summary>
    /// <param name="response">As it is when it begins.</param>
    /// <param name="http">The client.</param>
    /// <param name="begin">Keeps the response and begins its recording; gives null when nothing is kept.</param>
    public static ResponseStream ForClient(StoredResponse response, HttpContext http, Func<StoredResponse, Task<RecordingWriter?>> begin) => new(response, http, begin, null);

    /// <summary>For a response in the background, which is kept already; its first two events are told at once.</summary>
    public static ResponseStream ForRecording(StoredResponse response, RecordingWriter recording)
    {
        var stream = new ResponseStream(response, null, null, recording);
        recording.Append(stream.events.Frame("response.created", response), stream.events.Frame("response.queued", response));
        return stream;
    }

    public async ValueTask WriteAsync(RunContext run, ChatResponseUpdate update, CancellationToken cancellation)
    {
        await BeginAsync(run);
        Output.Take(update.Contents);
        await SendAsync(cancellation);
    }

    /// <summary>Says that a background response is being worked on.</summary>
    public void InProgress()
    {
        response = response with { Status = ResponseStatus.InProgress };
        HasBegun = true;
        recording!.Append(events.Frame("response.in_progress", response));
    }

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

        recording ??= begin is null ? null : await begin(response);
        HasBegun = true;
        if (http is not null)
        {
            WriteHead(http);
            AnswerHeaders.WriteEarly(http.Response.Headers, run);
        }

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
        if (http is null || http.RequestAborted.IsCancellationRequested)
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
