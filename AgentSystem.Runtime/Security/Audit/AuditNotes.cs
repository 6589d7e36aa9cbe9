using System.Collections.Concurrent;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Events that may be written later: at most <paramref name="capacity"/>. What does not fit is counted.</summary>
internal sealed class AuditNotes(int capacity)
{
    private readonly ConcurrentQueue<(AuditEvent Event, DateTimeOffset At)> waiting = new();
    private long lost;
    private int count;

    /// <summary>Events that wait.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>True when there is anything to write, a loss included.</summary>
    public bool Any => Count > 0 || Interlocked.Read(ref lost) > 0;

    /// <summary>False when it was counted only.</summary>
    public bool Add(AuditEvent audited, DateTimeOffset at)
    {
        if (Interlocked.Increment(ref count) > capacity)
        {
            Interlocked.Decrement(ref count);
            Interlocked.Increment(ref lost);
            return false;
        }

        waiting.Enqueue((audited, at));
        return true;
    }

    /// <summary>Takes the oldest, and the number of those that were lost.</summary>
    public (List<(AuditEvent Event, DateTimeOffset At)> Events, long Lost) Take(int most)
    {
        var taken = new List<(AuditEvent, DateTimeOffset)>();
        while (taken.Count < most && waiting.TryDequeue(out var next))
        {
            taken.Add(next);
        }

        Interlocked.Add(ref count, -taken.Count);
        return (taken, Interlocked.Exchange(ref lost, 0));
    }

    /// <summary>These could not be written now.</summary>
    public void Return(IReadOnlyList<(AuditEvent Event, DateTimeOffset At)> events, long missing)
    {
        Interlocked.Add(ref lost, missing);
        foreach (var (audited, at) in events)
        {
            Add(audited, at);
        }
    }
}
