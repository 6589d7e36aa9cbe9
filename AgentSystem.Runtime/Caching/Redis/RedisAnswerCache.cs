using StackExchange.Redis;

namespace AgentSystem.Runtime.Caching.Redis;

/// <summary>Answers in a Redis-protocol store that all processes share. It may be gone at any time: that is a miss, and counted.</summary>
internal sealed class RedisAnswerCache(IConnectionMultiplexer redis, CacheStoreTelemetry telemetry, TimeProvider time) : IAnswerCache
{
    private const string KeyPrefix = "agentsystem:answer:";

    private const int ScanPage = 500;

    // An answer from a slow cache is worth less than the time it takes: a request waits no longer than this.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    // A server that fell silent counts as connected for a long time; so it costs one request its patience now and then, not every one.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private const long NotSilent = long.MinValue;

    private long silentSince = NotSilent;

    private bool IsAway =>
        !redis.IsConnected || (Interlocked.Read(ref silentSince) is var since and not NotSilent && time.GetElapsedTime(since) < Pause);

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellation)
    {
        if (IsAway)
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
            NoteSilence(exception);
            telemetry.Failed("get");
            return null;
        }
    }

    public async ValueTask SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellation)
    {
        if (IsAway)
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
            NoteSilence(exception);
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

    private void NoteSilence(Exception exception)
    {
        if (exception is TimeoutException)
        {
            Interlocked.Exchange(ref silentSince, time.GetTimestamp());
        }
    }

    private static bool IsOutage(Exception exception) => exception is RedisException or TimeoutException or ObjectDisposedException;
}
