using StackExchange.Redis;

namespace AgentSystem.Runtime.Caching.Redis;

/// <summary>Answers in a Redis-protocol store that all processes share. It may be gone at any time: that is a miss, and counted.</summary>
internal sealed class RedisAnswerCache(IConnectionMultiplexer redis, CacheStoreTelemetry telemetry, TimeProvider time) : IAnswerCache
{
    private const string KeyPrefix = "agentsystem:answer:";

    private const int ScanPage = 500;

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

    public async ValueTask<long?> ClearAsync(string prefix, CancellationToken cancellation)
    {
        var removed = 0L;
        try
        {
            // Every primary has its own part of the keys; a scan never blocks the store as KEYS would.
            foreach (var server in redis.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false }))
            {
                await foreach (var batch in server.KeysAsync(pattern: KeyPrefix + prefix + "*", pageSize: ScanPage).Chunk(ScanPage).WithCancellation(cancellation))
                {
                    removed += await redis.GetDatabase().KeyDeleteAsync(batch);
                }
            }

            return redis.IsConnected ? removed : null;
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            telemetry.Failed("clear");
            return null;
        }
    }

    private static bool IsOutage(Exception exception) => exception is RedisException or TimeoutException or ObjectDisposedException;
}
