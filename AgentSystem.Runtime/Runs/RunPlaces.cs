namespace AgentSystem.Runtime.Runs;

/// <summary>
/// The places a worker has for runs, taken in one go and given back one by one. A claim costs nearly the same for one run as for many: while there is more work than places,
/// a worker lets a moment pass until a good part of them is free instead of claiming for each one. For one taker.
/// </summary>
/// <param name="count">How many.</param>
/// <param name="time">The clock of the moment.</param>
public sealed class RunPlaces(int count, TimeProvider time)
{
    /// <summary>Longest a free place waits for others while work waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly Lock gate = new();
    private readonly int half = count / 2;
    private int free = count;
    private (int Wanted, TaskCompletionSource Here)? waiting;

    /// <summary>Waits until a place is free and takes all that are.</summary>
    /// <param name="more">The last claim gave as much as was asked for: there may be more.</param>
    /// <param name="cancellation">Ends the wait; nothing is taken then.</param>
    public async Task<int> TakeAsync(bool more, CancellationToken cancellation)
    {
        await UntilAsync(1, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        if (more)
        {
            await UntilAsync(half, Patience, cancellation).ConfigureAwait(false);
        }

        lock (gate)
        {
            var taken = free;
            free = 0;
            return taken;
        }
    }

    /// <summary>Gives places back.</summary>
    public void Free(int places)
    {
        lock (gate)
        {
            free += places;
            if (waiting is { } taker && free >= taker.Wanted)
            {
                taker.Here.TrySetResult();
            }
        }
    }

    private async Task UntilAsync(int wanted, TimeSpan patience, CancellationToken cancellation)
    {
        Task here;
        lock (gate)
        {
            if (free >= wanted)
            {
                return;
            }

            waiting = (wanted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            here = waiting.Value.Here.Task;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(here, Task.Delay(patience, time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        lock (gate)
        {
            waiting = null;
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
