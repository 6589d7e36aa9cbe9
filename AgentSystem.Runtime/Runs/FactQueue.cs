using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Runtime.Runs;

/// <summary>A fact on its way; the id makes writing it twice harmless.</summary>
internal sealed record QueuedFact(Guid Id, Fact Fact)
{
    public RequestUsage? Usage => (Fact as RequestServed)?.Usage;
}

/// <summary>
/// Facts that are not in the database yet: the waiting ones and those being written, both still to be found.
/// Holds at most <paramref name="capacity"/>; beyond that the oldest waiting ones go, and <see cref="Overflowed"/> says how many.
/// </summary>
internal sealed class FactQueue(int capacity = FactQueue.DefaultCapacity)
{
    /// <summary>Facts kept while the database does not answer.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly Lock gate = new();
    private readonly LinkedList<QueuedFact> waiting = [];
    private readonly HashSet<QueuedFact> taken = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(string Tenant, string Request), QueuedFact> requests = [];

    /// <summary>Raised, outside the lock, with the number of facts that were dropped.</summary>
    public event Action<int>? Overflowed;

    /// <summary>Raised, outside the lock, with the number of waiting facts after one was added.</summary>
    public event Action<int>? Added;

    /// <summary>Facts waiting or being written.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return waiting.Count + taken.Count;
            }
        }
    }

    public void Add(QueuedFact fact)
    {
        int dropped;
        int count;
        lock (gate)
        {
            waiting.AddLast(fact);
            if (fact.Usage is { } usage)
            {
                requests[(fact.Fact.Tenant, usage.RequestId)] = fact;
            }

            dropped = DropOldest();
            count = waiting.Count;
        }

        Report(dropped);
        Added?.Invoke(count);
    }

    /// <summary>Takes up to <paramref name="most"/> facts, the oldest first; each must come back through <see cref="Done"/> or <see cref="Return"/>.</summary>
    public IReadOnlyList<QueuedFact> Take(int most)
    {
        lock (gate)
        {
            var batch = new List<QueuedFact>(Math.Min(most, waiting.Count));
            while (batch.Count < most && waiting.First is { } first)
            {
                waiting.RemoveFirst();
                taken.Add(first.Value);
                batch.Add(first.Value);
            }

            return batch;
        }
    }

    /// <summary>These are written, or cannot be.</summary>
    public void Done(IEnumerable<QueuedFact> batch)
    {
        lock (gate)
        {
            foreach (var fact in batch)
            {
                taken.Remove(fact);
                Forget(fact);
            }
        }
    }

    /// <summary>These were not written: they are the first to be tried again.</summary>
    public void Return(IReadOnlyList<QueuedFact> batch)
    {
        int dropped;
        lock (gate)
        {
            foreach (var fact in batch.Reverse())
            {
                taken.Remove(fact);
                waiting.AddFirst(fact);
            }

            dropped = DropOldest();
        }

        Report(dropped);
    }

    public RequestUsage? Find(string tenant, string requestId)
    {
        lock (gate)
        {
            return requests.GetValueOrDefault((tenant, requestId))?.Usage;
        }
    }

    /// <summary>Requests of a tenant that came in since then.</summary>
    public IReadOnlyList<QueuedFact> Since(string tenant, DateTimeOffset since)
    {
        lock (gate)
        {
            return [.. requests.Values.Where(fact => fact.Fact.Tenant == tenant && fact.Fact.At >= since)];
        }
    }

    private int DropOldest()
    {
        var dropped = 0;
        while (waiting.Count + taken.Count > capacity && waiting.First is { } oldest)
        {
            waiting.RemoveFirst();
            Forget(oldest.Value);
            dropped++;
        }

        return dropped;
    }

    private void Forget(QueuedFact fact)
    {
        if (fact.Usage is { } usage && requests.TryGetValue((fact.Fact.Tenant, usage.RequestId), out var kept) && ReferenceEquals(kept, fact))
        {
            requests.Remove((fact.Fact.Tenant, usage.RequestId));
        }
    }

    private void Report(int dropped)
    {
        if (dropped > 0)
        {
            Overflowed?.Invoke(dropped);
        }
    }
}
