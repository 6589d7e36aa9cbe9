namespace AgentSystem.Contracts.Security;

/// <summary>Rate limits of a key; null means unlimited.</summary>
/// <param name="RequestsPerMinute">Requests per minute, at least 1.</param>
/// <param name="TokensPerMinute">Input plus output tokens per minute, at least 1.</param>
/// <param name="Concurrency">Requests in progress at once, at least 1.</param>
public sealed record KeyLimits(int? RequestsPerMinute = null, int? TokensPerMinute = null, int? Concurrency = null)
{
    /// <summary>No limits.</summary>
    public static KeyLimits None { get; } = new();

    /// <summary>These, and where one says nothing, that of <paramref name="others"/>.</summary>
    public KeyLimits Or(KeyLimits others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new KeyLimits(RequestsPerMinute ?? others.RequestsPerMinute, TokensPerMinute ?? others.TokensPerMinute, Concurrency ?? others.Concurrency);
    }
}
