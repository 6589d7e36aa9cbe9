namespace AgentSystem.Runtime.Recordings;

/// <summary>An open recording, as its one producer sees it. Adding an event never waits; <see cref="EndAsync"/> waits until everything is durable.</summary>
public sealed class RecordingWriter : IDisposable
{
    private readonly Lock gate = new();
    private readonly Action<bool> wake;
    private readonly int maxWaiting;
    private readonly TaskCompletionSource durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource lost = new();
    private List<ReadOnlyMemory<byte>> waiting = [];
    private readonly int? term;
    private RecordingState? end;
    private int written;
    private bool leaving;
    private int waitingBytes;
    private bool gaveUp;

    internal RecordingWriter(RecordingKey key, int maxWaiting, Action<bool> wake) => (Key, this.maxWaiting, this.wake) = (key, maxWaiting, wake);

    internal RecordingWriter(RecordingKey key, int maxWaiting, Action<bool> wake, int term, int written)
        : this(key, maxWaiting, wake) => (this.term, this.written) = (term, written);

    /// <summary>Its name.</summary>
    public RecordingKey Key { get; }

    /// <summary>Fires when the recording is no longer this producer's: it was cancelled, deleted, or given up for dead while this process was paused. Whoever works for the recording alone stops.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>True when another process may go on with it.</summary>
    internal bool IsResumable => term is not null;

    internal bool Ended
    {
        get
        {
            lock (gate)
            {
                return end is not null;
            }
        }
    }

    /// <summary>True once this process has nothing more to do with it.</summary>
    internal bool Left => durable.Task.IsCompleted;

    /// <summary>Adds events, next to each other. After the end, or once the recording is lost, they are dropped.</summary>
    public void Append(params IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        lock (gate)
        {
            if (!Take(events))
            {
                return;
            }
        }

        wake(false);
    }

    /// <summary>Adds the last events and ends the recording, both at once.</summary>
    /// <returns>Done once it is durable, or lost. It waits as long as the database is away; the end is written all the same when nobody waits for it.</returns>
    public Task EndAsync(RecordingState state, params IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        lock (gate)
        {
            if (end is null)
            {
                Take(events);
                // A recording with a hole must not be taken for the whole answer.
                end = gaveUp ? RecordingState.Failed : state;
            }
        }

        wake(true);
        return durable.Task;
    }

    /// <summary>Writes what waits and adds nothing more; the recording stays open for whoever takes it over. The number of the next event, once the others are durable; null when some are not: it was lost, or too much waited.</summary>
    public async Task<int?> LeaveAsync()
    {
        lock (gate)
        {
            leaving = true;
        }

        wake(true);
        await durable.Task.ConfigureAwait(false);
        lock (gate)
        {
            return end is null && !gaveUp ? written : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => lost.Dispose();

    /// <summary>What is to be written, or null. Only the one flusher asks, and answers with <see cref="Kept"/> or <see cref="Lose"/> before it asks again.</summary>
    internal RecordingBatch? Batch()
    {
        lock (gate)
        {
            return waiting.Count == 0 && end is null && (!leaving || Left) ? null : new RecordingBatch(Key, written, [.. waiting], end) { Term = term ?? 0 };
        }
    }

    internal void Kept(RecordingBatch batch)
    {
        lock (gate)
        {
            written += batch.Events.Count;
            waitingBytes -= batch.Events.Sum(static item => item.Length);
            waiting = waiting[batch.Events.Count..];
            if (batch.End is not null || (leaving && waiting.Count == 0))
            {
                durable.TrySetResult();
            }
        }
    }

    internal void Lose()
    {
        lock (gate)
        {
            (end, waiting, waitingBytes) = (end ?? RecordingState.Abandoned, [], 0);
        }

        durable.TrySetResult();
        lost.Cancel();
    }

    private bool Take(IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        if (end is not null || leaving || gaveUp || events.Count == 0)
        {
            return false;
        }

        var bytes = events.Sum(static item => (long)item.Length);
        if (bytes + waitingBytes > maxWaiting)
        {
            gaveUp = true;
            return false;
        }

        waitingBytes += (int)bytes;
        waiting.AddRange(events);
        return true;
    }
}
