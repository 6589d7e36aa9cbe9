using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Recordings;

namespace AgentSystem.Api.Http.Idempotency;

/// <summary>What came of reading a recorded answer.</summary>
internal enum Replayed
{
    /// <summary>The client has it.</summary>
    Written,

    /// <summary>It did not begin in time.</summary>
    StillRunning,

    /// <summary>There is no answer in it, and there will be none.</summary>
    NothingThere,
}

/// <summary>Gives a recorded answer to a client, also one that is still being made: from its start, and on as it comes.</summary>
internal sealed class Replay(RecordingReader reader, ReplayFacts facts, KeyWatches keys, TimeProvider time)
{
    /// <summary>A stream that is silent for this long sends a comment, so that nothing on the way takes it for dead.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private static readonly byte[] Ping = ": ping\n\n"u8.ToArray();
    private static readonly byte[] Data = "data: "u8.ToArray();
    private static readonly byte[] End = "\n\ndata: [DONE]\n\n"u8.ToArray();

    /// <summary>Whoever made the stream is gone.</summary>
    private static RunFailure Abandoned { get; } = new(
        503, "server_error", "stream_abandoned", "The process that made this answer is gone; send the request again with the same Idempotency-Key, and it runs again.");

    /// <param name="http">The request that repeats another one.</param>
    /// <param name="recording">The other one's answer.</param>
    /// <param name="patience">Ends the wait for the answer's beginning.</param>
    public async Task<Replayed> WriteAsync(HttpContext http, RecordingKey recording, CancellationToken patience)
    {
        await using var key = keys.Over(http);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(patience, key.Token);
        RecordedHead? head = null;
        var state = RecordingState.Abandoned;
        var received = time.GetTimestamp();
        var told = received;
        try
        {
            await foreach (var page in reader.FollowAsync(recording, 0, wait.Token))
            {
                state = page.State;
                if (page.Events.Count == 0)
                {
                    told = await PingAsync(http, head, told);
                    continue;
                }

                head ??= Begin(http, RecordedHead.Read(page.Events[0]));
                foreach (var piece in page.First == 0 ? page.Events.Skip(1) : page.Events)
                {
                    await http.Response.Body.WriteAsync(piece, http.RequestAborted);
                }

                await http.Response.Body.FlushAsync(http.RequestAborted);
                told = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (head is null && patience.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            return Replayed.StillRunning;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Replayed.Written;
        }
        catch (OperationCanceledException) when (key.IsRevoked)
        {
            await (head is null ? ErrorAnswers.WriteAsync(http, KeyWatch.Revoked, http.RequestAborted) : head.IsStream ? BreakOffAsync(http, KeyWatch.Revoked) : Task.CompletedTask);
            return Replayed.Written;
        }

        if (head is null)
        {
            return Replayed.NothingThere;
        }

        facts.Record(http, head, received);
        if (state is RecordingState.Open or RecordingState.Abandoned && head.IsStream)
        {
            await BreakOffAsync(http, Abandoned);
        }

        return Replayed.Written;
    }

    private static RecordedHead Begin(HttpContext http, RecordedHead head)
    {
        http.Response.StatusCode = head.Status;
        foreach (var (name, value) in head.Headers)
        {
            http.Response.Headers[name] = value;
        }

        http.Response.Headers["Idempotency-Replayed"] = "true";
        http.Response.Headers["x-agentsystem-original-request"] = head.RequestId;
        return head;
    }

    private async Task<long> PingAsync(HttpContext http, RecordedHead? head, long told)
    {
        if (head?.IsStream != true || time.GetElapsedTime(told) < Silence)
        {
            return told;
        }

        await http.Response.Body.WriteAsync(Ping, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        return time.GetTimestamp();
    }

    /// <summary>Never a silent end.</summary>
    private static async Task BreakOffAsync(HttpContext http, RunFailure failure)
    {
        await http.Response.Body.WriteAsync(Data, http.RequestAborted);
        await http.Response.Body.WriteAsync(ErrorAnswers.Envelope(failure), http.RequestAborted);
        await http.Response.Body.WriteAsync(End, http.RequestAborted);
    }
}
