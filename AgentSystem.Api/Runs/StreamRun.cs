using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;

namespace AgentSystem.Api.Runs;

/// <summary>
/// <c>GET /api/v1/runs/{id}/events</c>: server-sent events from the first, or after <c>Last-Event-ID</c>, to the run's end. Events are rows, so that a stream
/// that broke off, by a restart too, is gone on with at any process.
/// </summary>
internal static class StreamRun
{
    private const string LastEventId = "Last-Event-ID";
    private const int AtOnce = 500;

    /// <summary>How long a stream may be silent before a comment keeps it open through proxies.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>How long an event may take to be seen when its notification was lost.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    public static async Task Handle(string id, HttpContext http, IRunStore runs, IRunSignals signals, IHostApplicationLifetime host, KeyWatches keys, TimeProvider time)
    {
        var cancellation = http.RequestAborted;
        var (after, failure) = Place(http);
        var scope = RunAccess.Of(http.Caller());
        using var watch = signals.Watch(id);
        if (failure is null && await runs.FindAsync(scope, id, cancellation) is null)
        {
            failure = RunAccess.NotFound(id);
        }

        if (failure is not null)
        {
            await ErrorAnswers.WriteAsync(http, failure, cancellation);
            return;
        }

        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["x-accel-buffering"] = "no";
        await http.Response.StartAsync(cancellation);
        // A host that stops ends its streams, and whoever reads them goes on elsewhere; it does not wait for the runs.
        await using var key = keys.Over(http);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(key.Token, host.ApplicationStopping);
        var stream = new RunStream(http.Response.BodyWriter, after);
        try
        {
            await SendAsync(stream, scope, id, runs, watch, time, either.Token);
        }
        catch (OperationCanceledException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            // Ended between two events.
        }
        catch (OperationCanceledException) when (key.IsRevoked && !cancellation.IsCancellationRequested)
        {
            await stream.WriteErrorAsync(KeyWatch.Revoked, cancellation);
        }
    }

    private static async Task SendAsync(RunStream stream, RunScope scope, string id, IRunStore runs, IRunWatch watch, TimeProvider time, CancellationToken cancellation)
    {
        var written = time.GetTimestamp();
        while (true)
        {
            // Looked at before the events: what ended before has written its last event before. The event itself does not say that nothing follows: a run
            // that was given up, and told so, can be retried.
            var ended = await runs.FindAsync(scope, id, cancellation) is not { HasEnded: false };
            var events = await runs.EventsAsync(scope, id, stream.Last, AtOnce, cancellation);
            if (events.Count > 0)
            {
                await stream.WriteAsync(events, cancellation);
                written = time.GetTimestamp();
                continue;
            }

            if (ended)
            {
                return;
            }

            var left = Heartbeat - time.GetElapsedTime(written);
            if (left <= TimeSpan.Zero)
            {
                await stream.WriteHeartbeatAsync(cancellation);
                (written, left) = (time.GetTimestamp(), Heartbeat);
            }

            await watch.ChangedAsync(left < Poll ? left : Poll, cancellation);
        }
    }

    /// <summary>The number of the last event the client has. A page's own EventSource cannot send a header the first time, so the query may say it too.</summary>
    private static (long After, RunFailure? Failure) Place(HttpContext http)
    {
        var (header, query) = ((string?)http.Request.Headers[LastEventId], (string?)http.Request.Query["after"]);
        if ((string.IsNullOrEmpty(header) ? query : header) is not { } said)
        {
            return (0, null);
        }

        return long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, null)
            : (0, RunFailure.Invalid("invalid_value", $"\"{LastEventId}\" must be the id of an event of this run; leave it out to begin at the first.", LastEventId));
    }
}
