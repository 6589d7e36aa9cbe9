namespace AgentSystem.Runtime.Resilience;

/// <summary>A bucket of retries: every call adds a fraction, every retry takes one. When a provider is down, retries cease instead of doubling the load.</summary>
internal sealed class RetryBudget(double perCall, int reserve)
{
    private readonly Lock gate = new();
    private double tokens = reserve;

    /// <summary>Retries left now.</summary>
    public double Left
    {
        get
        {
            lock (gate)
            {
                return tokens;
            }
        }
    }

    /// <summary>A first attempt was sent.</summary>
    public void Called()
    {
        lock (gate)
        {
            tokens = Math.Min(reserve, tokens + perCall);
        }
    }

    /// <summary>Takes one retry; false when none is left.</summary>
    public bool TryRetry()
    {
        lock (gate)
        {
            if (tokens < 1)
            {
                return false;
            }

            tokens--;
            return true;
        }
    }
}
