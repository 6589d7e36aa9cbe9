using StackExchange.Redis;

namespace AgentSystem.ServiceDefaults.Stores;

/// <summary>
/// The way to Redis for callers that also work without it: null members where no Redis is configured.
/// A configured server that is away shows as <see cref="Database"/> being null until it is back.
/// </summary>
public sealed class RedisConnection(IConnectionMultiplexer? multiplexer)
{
    /// <summary>The shared connection; null where no Redis is configured.</summary>
    public IConnectionMultiplexer? Multiplexer { get; } = multiplexer;

    /// <summary>The database to ask right now; null where Redis is not configured or does not answer.</summary>
    public IDatabase? Database => Multiplexer is { IsConnected: true } connected ? connected.GetDatabase() : null;
}
