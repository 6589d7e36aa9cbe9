using StackExchange.Redis;

namespace AgentSystem.Runtime.Caching.Redis;

/// <summary>Answers in a Redis-protocol store that all processes share. It may be gone at any time: that is a miss, and counted.</summary>
internal sealed class RedisAnswerCache(IConnectionMultiplexer redis, CacheStoreTelemetry telemetry, TimeProvider time) : IAnswerCache
{
    private const string KeyPrefix = "agentsystem:answer:";

    // An answer from a slow cache is worth less than the time it takes: a request waits no longer than this.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellation)
    {
        if (!redis.IsConnected)
        {
            telemetry.Failed("get");
            return null;
        }

        try
        {
            return await redis.GetDatabase().StringGetAsync(KeyPrefix + key).WaitAsync(Patience, time, cancellation);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            telemetry.Failed("get");
            return null;
        }
    }

    public async ValueTask SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellation)
    {
        if (!redis.IsConnected)
        {
            telemetry.Failed("set");
            return;
        }

        try
        {
            await redis.GetDatabase().StringSetAsync(KeyPrefix + key, value, lifetime).WaitAsync(Patience, time, cancellation);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            telemetry.Failed("set");
        }
    }

    private static bool IsOutage(Exception exception) => exception is RedisException or TimeoutException or ObjectDisposedException;
}
