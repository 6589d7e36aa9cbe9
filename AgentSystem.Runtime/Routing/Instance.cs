namespace AgentSystem.Runtime.Routing;

/// <summary>A process that serves the reasoning role: its slots, and how many are taken.</summary>
public sealed class Instance(string name, int slots, int maxWaiting) : IDisposable
{
    private readonly SemaphoreSlim free = new(slots, slots);
    private int waiting;
    private readonly Lock orders = new();
    private volatile bool draining;
    private int obeyed;

    /// <summary>What the <c>x-agentsystem-instance</c> header says.</summary>
    public string Name { get; } = name;

    /// <summary>Runs it executes at once.</summary>
    public int Slots { get; } = slots;

    /// <summary>Slots taken now.</summary>
    public int InUse => Slots - free.CurrentCount;

    /// <summary>Runs waiting for a slot now.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>True while it takes no new runs; those it has go on to their end.</summary>
    public bool IsDraining => draining;

    /// <summary>Taken and waited-for slots as a share of all; above 1 there is a queue.</summary>
    public double Load => (double)(InUse + Waiting) / Slots;

    /// <summary>Takes a slot, waiting at most <paramref name="patience"/>; null when none came free or too many wait already.</summary>
    public async Task<SlotLease?> TakeAsync(TimeSpan patience, CancellationToken cancellation)
    {
        if (await free.WaitAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false))
        {
            return new SlotLease(this);
        }

        if (Interlocked.Increment(ref waiting) > maxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return null;
        }

        try
        {
            return await free.WaitAsync(patience, cancellation).ConfigureAwait(false) ? new SlotLease(this) : null;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Does what was decided about it, unless a later decision came before.</summary>
    public void Obey(DrainOrder order)
    {
        lock (orders)
        {
            if (order.Revision > obeyed)
            {
                (draining, obeyed) = (order.Draining, order.Revision);
            }
        }
    }

    internal void Return() => free.Release();

    /// <inheritdoc/>
    public void Dispose() => free.Dispose();
}

/// <summary>A taken slot; disposing it gives the slot back, once.</summary>
public sealed class SlotLease : IDisposable
{
    private Instance? instance;

    internal SlotLease(Instance instance) => this.instance = instance;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref instance, null)?.Return();
}
