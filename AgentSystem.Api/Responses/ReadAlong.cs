using AgentSystem.Api.Http;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;

namespace AgentSystem.Api.Responses;

/// <summary>Gives the events of a response to a client, from any number on, while they are made or long after; the last one always tells how it ended.</summary>
internal sealed class ReadAlong(RecordingReader reader, IResponseStore store, KeyWatches keys, TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private static readonly byte[] Ping = ": ping\n\n"u8.ToArray();

    /// <param name="http">The client.</param>
    /// <param name="scope">What it sees.</param>
    /// <param name="response">A response that has a recording.</param>
    /// <param name="next">Number of the first event wanted.</param>
    public async Task WriteAsync(HttpContext http, ResponseScope scope, StoredResponse response, int next)
    {
        var (body, gone) = (http.Response.Body, http.RequestAborted);
        await using var key = keys.Over(http);
        ResponseStream.WriteHead(http);
        var (whole, told) = (false, time.GetTimestamp());
        try
        {
            await foreach (var page in reader.FollowAsync(response.RecordingKey!, next, key.Token))
            {
                foreach (var frame in page.Events)
                {
                    await body.WriteAsync(frame, gone);
                }

                next = page.First + page.Events.Count;
                whole = page is { IsLast: true, State: RecordingState.Finished };
                if (page.Events.Count == 0 && time.GetElapsedTime(told) >= Silence)
                {
                    await body.WriteAsync(Ping, gone);
                }
                else if (page.Events.Count == 0)
                {
                    continue;
                }

                await body.FlushAsync(gone);
                told = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (key.IsRevoked && !gone.IsCancellationRequested)
        {
            // The response goes on; this reader does not. The number is not taken: whoever reads on finds another event under it.
            await body.WriteAsync(new ResponseEvents(next).Error(KeyWatch.Revoked.Code, KeyWatch.Revoked.Message), gone);
            await body.WriteAsync(ResponseEvents.Done, gone);
            return;
        }

        if (!whole && await store.FindAsync(scope, response.Id, gone) is { IsEnded: true } ended)
        {
            // Its producer died, or somebody cancelled it: the recording has no last event, the response knows its end.
            await body.WriteAsync(new ResponseEvents(next).Last(ended), gone);
        }

        await body.WriteAsync(ResponseEvents.Done, gone);
    }
}
