namespace AgentSystem.Runtime.Budgets;

/// <summary>What waits for the next turn of the books: calls that want to be sent, and calls that ended.</summary>
internal sealed class CallQueue
{
    /// <summary>Calls of each kind in one turn.</summary>
    public const int MostInATurn = 500;

    /// <summary>Ended calls kept while the database does not answer.</summary>
    public const int MostWaiting = 100_000;

    private readonly Lock gate = new();
    private readonly Queue<WaitingCall> starts = [];
    private readonly LinkedList<CallEnd> ends = [];
    private bool closed;

    /// <summary>Raised, outside the lock, with the number of ended calls that were dropped; what was set aside for them is settled in full when this process leaves.</summary>
    public event Action<int>? Overflowed;

    /// <summary>Ended calls that wait.</summary>
    public int Ended
    {
        get
        {
            lock (gate)
            {
                return ends.Count;
            }
        }
    }

    /// <summary>False when the process is stopping.</summary>
    public bool TryAdd(WaitingCall call)
    {
        lock (gate)
        {
            if (!closed)
            {
                starts.Enqueue(call);
            }

            return !closed;
        }
    }

    /// <summary>Adds ended calls, those of a failed turn before the others.</summary>
    /// <returns>True when they fill a turn.</returns>
    public bool Add(IReadOnlyList<CallEnd> ended, bool first = false)
    {
        var (dropped, full) = (0, false);
        lock (gate)
        {
            foreach (var end in first ? ended.Reverse() : ended)
            {
                _ = first ? ends.AddFirst(end) : ends.AddLast(end);
            }

            while (ends.Count > MostWaiting)
            {
                ends.RemoveFirst();
                dropped++;
            }

            full = ends.Count >= MostInATurn;
        }

        if (dropped > 0)
        {
            Overflowed?.Invoke(dropped);
        }

        return full;
    }

    /// <summary>What goes into one turn, the oldest first.</summary>
    public (List<WaitingCall> Beginning, List<CallEnd> Ending) Take()
    {
        lock (gate)
        {
            var (beginning, ending) = (new List<WaitingCall>(), new List<CallEnd>());
            while (beginning.Count < MostInATurn && starts.TryDequeue(out var waiting))
            {
                if (!waiting.Verdict.Task.IsCompleted)
                {
                    beginning.Add(waiting);
                }
            }

            while (ending.Count < MostInATurn && ends.First is { } oldest)
            {
                ends.RemoveFirst();
                ending.Add(oldest.Value);
            }

            return (beginning, ending);
        }
    }

    /// <summary>No call begins any more; those that wait are told.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            while (starts.TryDequeue(out var late))
            {
                late.Verdict.TrySetCanceled(CancellationToken.None);
            }
        }
    }
}

/// <summary>A call whose sender waits for the verdict.</summary>
internal sealed class WaitingCall(CallRecord call)
{
    public CallRecord Call { get; } = call;

    public TaskCompletionSource<CallVerdict> Verdict { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once it was asked a second time.</summary>
    public bool Again { get; set; }
}
