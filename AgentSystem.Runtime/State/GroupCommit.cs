namespace AgentSystem.Runtime.State;

/// <summary>
/// Lets callers that come at the same time share one piece of work: whoever comes while a batch is under way goes with the next one, in the order they came.
/// One batch at a time, so what one caller sends after an answer never overtakes what it sent before.
/// </summary>
/// <param name="work">Does a batch and gives a result for each item, in their order. What it throws, every caller of the batch gets.</param>
/// <param name="settings">The bounds.</param>
/// <param name="time">The clock of the wait for company.</param>
internal sealed class GroupCommit<TItem, TResult>(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> work, GroupSettings settings, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = new();
    private bool running;
    private (int Size, TaskCompletionSource Here)? company;

    /// <summary>The result of the item; null when too many wait already.</summary>
    /// <param name="item">The item.</param>
    /// <param name="weight">What it weighs; a batch takes items up to <see cref="GroupSettings.MostWeight"/>, and one in any case.</param>
    /// <param name="cancellation">Ends the wait. An item that no batch took yet is not done then.</param>
    public Task<TResult>? Add(TItem item, int weight, CancellationToken cancellation)
    {
        var waiting = new Waiting(item, weight, cancellation);
        lock (gate)
        {
            if (queue.Count >= settings.MostWaiting)
            {
                return null;
            }

            queue.Enqueue(waiting);
            if (company is { } expected && queue.Count >= expected.Size)
            {
                expected.Here.TrySetResult();
            }

            if (!running)
            {
                running = true;
                _ = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        return waiting.Result.Task.WaitAsync(cancellation);
    }

    private async Task RunAsync()
    {
        var last = 0;
        while (true)
        {
            // Company is worth waiting for only where there was some: a caller alone gets its answer at once.
            if (last > 1 && settings.Linger > TimeSpan.Zero)
            {
                await GatherAsync(last);
            }

            var batch = Take();
            if (batch.Count == 0 && last <= 1)
            {
                lock (gate)
                {
                    if (queue.Count == 0)
                    {
                        running = false;
                        return;
                    }
                }
            }

            last = batch.Count;
            if (last > 0)
            {
                await DoAsync(batch);
            }
        }
    }

    /// <summary>
    /// Waits for company: until as many are there as have just been answered and as had come meanwhile, because callers that were answered often ask again at once;
    /// at most the whole linger. Callers in closed loops so fill a batch within microseconds and do not pay for the clock.
    /// </summary>
    private async Task GatherAsync(int answered)
    {
        Task here;
        lock (gate)
        {
            var size = Math.Min(answered + queue.Count, settings.MostItems);
            if (queue.Count >= size)
            {
                return;
            }

            company = (size, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            here = company.Value.Here.Task;
        }

        using var enough = new CancellationTokenSource();
        await Task.WhenAny(here, Task.Delay(settings.Linger, time, enough.Token));
        await enough.CancelAsync();
        lock (gate)
        {
            company = null;
        }
    }

    private List<Waiting> Take()
    {
        lock (gate)
        {
            var batch = new List<Waiting>(Math.Min(queue.Count, settings.MostItems));
            var weight = 0L;
            while (batch.Count < settings.MostItems && queue.TryPeek(out var next) && (batch.Count == 0 || weight + next.Weight <= settings.MostWeight))
            {
                queue.Dequeue();
                if (next.Cancellation.IsCancellationRequested)
                {
                    next.Result.TrySetCanceled(next.Cancellation);
                    continue;
                }

                batch.Add(next);
                weight += next.Weight;
            }

            return batch;
        }
    }

    private async Task DoAsync(List<Waiting> batch)
    {
        try
        {
            var results = await work([.. batch.Select(static waiting => waiting.Item)]);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Result.TrySetResult(results[i]);
            }
        }
        catch (Exception failure)
        {
            // Not swallowed: each caller gets it, and the next batch is tried on its own merits.
            foreach (var waiting in batch)
            {
                waiting.Result.TrySetException(failure);
            }
        }
    }

    private sealed record Waiting(TItem Item, int Weight, CancellationToken Cancellation)
    {
        public TaskCompletionSource<TResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The bounds of a <see cref="GroupCommit{TItem,TResult}"/>.</summary>
/// <param name="MostItems">Most items of a batch.</param>
/// <param name="MostWeight">What they may weigh together.</param>
/// <param name="MostWaiting">Most items that wait.</param>
/// <param name="Linger">How long a batch waits for company at most; zero: not at all.</param>
internal sealed record GroupSettings(int MostItems, long MostWeight, int MostWaiting, TimeSpan Linger);
