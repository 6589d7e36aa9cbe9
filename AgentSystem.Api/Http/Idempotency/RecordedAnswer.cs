using System.Text.Json.Nodes;
using AgentSystem.Runtime.Recordings;
using Microsoft.AspNetCore.Http.Features;

namespace AgentSystem.Api.Http.Idempotency;

/// <summary>
/// The answer of an idempotent request on its way to the client and into its recording. A stream goes to both at once, and on into the recording when the client has left;
/// anything else is held until it is whole and recorded.
/// </summary>
internal sealed class RecordedAnswer(HttpContext http, RecordingWriter recording, CancellationToken clientGone) : Stream
{
    /// <summary>Longest an answer that is ready waits to be durable. It is sent then all the same, because it is no failure, and its recording is written later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Stream client = http.Response.Body;
    private readonly MemoryStream held = new();
    private bool failed;

    /// <summary>True once a stream's head is recorded: status and headers cannot change any more, whether the client still reads or not.</summary>
    public bool HasBegun { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Says that the answer, although it began well, is a failure that another try may mend.</summary>
    public static void MarkFailed(HttpContext http)
    {
        if (http.Features.Get<RecordedAnswer>() is { } answer)
        {
            answer.failed = true;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!HasBegun && RecordedHead.IsEventStream(http.Response.ContentType))
        {
            recording.Append(RecordedHead.Of(http).Write());
            HasBegun = true;
        }

        await held.WriteAsync(buffer, cancellationToken);
        if (HasBegun)
        {
            await ToClientAsync(buffer);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!HasBegun)
        {
            return;
        }

        if (held.Length > 0)
        {
            recording.Append(TakeHeld());
        }

        await TellAsync(() => client.FlushAsync(clientGone));
    }

    /// <summary>Ends the recording and sends what was held.</summary>
    /// <param name="time">For the wait until it is durable.</param>
    /// <param name="stopped">The host ends, and the answer is not to be taken for one.</param>
    public async Task CompleteAsync(TimeProvider time, bool stopped)
    {
        var status = http.Response.StatusCode;
        var state = stopped || failed || status is >= 500 or StatusCodes.Status429TooManyRequests or StatusCodes.Status408RequestTimeout or StatusCodes.Status499ClientClosedRequest
            ? RecordingState.Failed
            : RecordingState.Finished;
        var body = TakeHeld();
        var ended = (HasBegun, stopped) switch
        {
            (true, _) => recording.EndAsync(state, body.Length > 0 ? [body] : []),
            // Whoever waited for it begins anew instead of reading half of something.
            (false, true) => recording.EndAsync(RecordingState.Abandoned),
            _ => recording.EndAsync(state, RecordedHead.Of(http).Write(), Storable(body)),
        };
        try
        {
            await ended.WaitAsync(Patience, time, clientGone);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The recording is written as soon as the database answers; nobody is told of a failure that is none.
        }

        if (!HasBegun && !stopped && body.Length > 0)
        {
            await ToClientAsync(body);
        }
    }

    /// <summary>The request failed with an exception, which is answered further out.</summary>
    public void Break() => _ = recording.EndAsync(RecordingState.Failed);

    public override void Flush() => throw new NotSupportedException("Answers are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");

    private byte[] TakeHeld()
    {
        var all = held.ToArray();
        held.SetLength(0);
        return all;
    }

    private async Task ToClientAsync(ReadOnlyMemory<byte> buffer) => await TellAsync(() => client.WriteAsync(buffer, clientGone).AsTask());

    private async Task TellAsync(Func<Task> act)
    {
        if (clientGone.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await act();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has left. What it asked for goes on into the recording.
        }
    }

    /// <summary>The body without what is shown once.</summary>
    private byte[] Storable(byte[] body)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ShownOnce>() is not { } secret || body.Length == 0 || JsonNode.Parse(body) is not JsonObject answer)
        {
            return body;
        }

        foreach (var member in secret.Members)
        {
            answer.Remove(member);
        }

        return System.Text.Encoding.UTF8.GetBytes(answer.ToJsonString(JsonOutput.Values));
    }
}

/// <summary>The response's feature, which knows that a recorded stream has begun even if its client left before the first byte.</summary>
internal sealed class RecordedResponse(IHttpResponseFeature inner, RecordedAnswer answer) : IHttpResponseFeature
{
    public int StatusCode { get => inner.StatusCode; set => inner.StatusCode = value; }

    public string? ReasonPhrase { get => inner.ReasonPhrase; set => inner.ReasonPhrase = value; }

    public IHeaderDictionary Headers { get => inner.Headers; set => inner.Headers = value; }

    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.")]
    public Stream Body { get => inner.Body; set => inner.Body = value; }

    public bool HasStarted => inner.HasStarted || answer.HasBegun;

    public void OnStarting(Func<object, Task> callback, object state) => inner.OnStarting(callback, state);

    public void OnCompleted(Func<object, Task> callback, object state) => inner.OnCompleted(callback, state);
}
