using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Recordings;

/// <summary>
/// Writes all recordings of this process together: one commit for everything that came within <see cref="RecordingsOptions.FlushInterval"/>, at once when somebody waits for an end.
/// Also says that this process lives, and deletes what is old.
/// </summary>
internal sealed partial class RecordingFlusher(
    Recorder recorder, IRecordingStore store, RecordingSignals signals, IOptions<RecordingsOptions> options, TimeProvider time, ILogger<RecordingFlusher> log) : BackgroundService
{
    private const int CleaningBatch = 500;
    private const int BeatsPerLease = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim one = new(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var writer in recorder.Open)
        {
            // Whoever takes these over need not wait until this process is given up for dead.
            _ = writer.IsResumable ? writer.LeaveAsync() : writer.EndAsync(RecordingState.Abandoned);
        }

        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            LogLeft(recorder.Open.Count, exception);
        }
    }

    public override void Dispose()
    {
        one.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(FlushAlwaysAsync(stoppingToken), EveryAsync(options.Value.Lease / BeatsPerLease, BeatAsync, stoppingToken), EveryAsync(options.Value.CleaningInterval, CleanAsync, stoppingToken));

    private async Task FlushAlwaysAsync(CancellationToken stopping)
    {
        var pause = FirstPause;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(stopping);
                await FlushAsync(stopping);
                pause = FirstPause;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, answers do not wait for it: what was recorded stays where it is, bounded, and is tried again.
                LogRetry(recorder.Open.Count, pause, exception);
                await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                recorder.Retry();
            }
        }
    }

    /// <summary>Until somebody waits for an end, or for the interval after the first event.</summary>
    private async Task WaitAsync(CancellationToken stopping)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var urgent = recorder.Urgent.WaitToReadAsync(enough.Token).AsTask();
        var first = await Task.WhenAny(recorder.Wake.WaitToReadAsync(enough.Token).AsTask(), urgent);
        if (first != urgent)
        {
            await Task.WhenAny(Task.Delay(options.Value.FlushInterval, time, enough.Token), urgent);
        }

        await enough.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        recorder.Urgent.TryRead(out _);
        recorder.Wake.TryRead(out _);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            var batches = recorder.Open.Select(static writer => (Writer: writer, Batch: writer.Batch())).Where(static pair => pair.Batch is not null).ToList();
            if (batches.Count == 0)
            {
                return;
            }

            var kept = await store.WriteAsync(recorder.Owner, [.. batches.Select(static pair => pair.Batch!)], cancellation);
            foreach (var (writer, batch) in batches)
            {
                Settle(writer, batch!, kept.Contains(batch!.Key));
            }
        }
        finally
        {
            one.Release();
        }
    }

    private void Settle(RecordingWriter writer, RecordingBatch batch, bool kept)
    {
        if (kept)
        {
            writer.Kept(batch);
        }
        else
        {
            writer.Lose();
            LogLost(batch.Key.Id);
        }

        if (!kept || writer.Left)
        {
            recorder.Forget(writer);
        }

        signals.Pulse(batch.Key.Id);
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            var open = recorder.Open.Where(static writer => !writer.Ended).ToList();
            if (open.Count == 0)
            {
                return;
            }

            var alive = await store.BeatAsync(recorder.Owner, [.. open.Select(static writer => writer.Key)], cancellation);
            foreach (var writer in open.Where(writer => !alive.Contains(writer.Key)))
            {
                writer.Lose();
                recorder.Forget(writer);
                LogLost(writer.Key.Id);
            }
        }
        finally
        {
            one.Release();
        }
    }

    private async Task CleanAsync(CancellationToken cancellation)
    {
        while (await store.DeleteExpiredAsync(CleaningBatch, cancellation) == CleaningBatch)
        {
            // Batch after batch, so that no transaction is long.
        }
    }

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> act, CancellationToken stopping)
    {
        using var tick = new PeriodicTimer(interval, time);
        while (true)
        {
            try
            {
                await tick.WaitForNextTickAsync(stopping);
                await act(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogSkipped(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Recordings could not be written; {Open} are open, next try in {Pause}")]
    private partial void LogRetry(int open, TimeSpan pause, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Recording {Recording} is no longer this process's: it was cancelled, or given up while this process did not answer")]
    private partial void LogLost(string recording);

    [LoggerMessage(LogLevel.Warning, "The database did not take a heartbeat or a cleaning of recordings; the next one follows")]
    private partial void LogSkipped(Exception exception);

    [LoggerMessage(LogLevel.Error, "{Open} recordings were left open: the database did not take their ends before the shutdown's time was over")]
    private partial void LogLeft(int open, Exception exception);
}
