namespace AgentSystem.Runtime.Mesh;

/// <summary>Counts the calls of roles that this process has in hand.</summary>
internal sealed class CallsInHand
{
    private int count;

    /// <summary>How many now.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>One begins; disposing it ends it.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref count);
        return new Call(this);
    }

    private sealed class Call(CallsInHand hands) : IDisposable
    {
        private CallsInHand? hands = hands;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref hands, null) is { } held)
            {
                Interlocked.Decrement(ref held.count);
            }
        }
    }
}
