using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentSystem.AppHost.Embedded.Garnet;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Caching.Redis;
using AgentSystem.Tests.Conformance;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace AgentSystem.Tests.Runtime.Caching;

/// <summary>Against a real server of the Redis protocol.</summary>
public sealed class RedisAnswerCacheTests : AnswerCacheConformance
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentsystem-garnet-");
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private EmbeddedGarnet? server;
    private ConnectionMultiplexer? redis;

    public override async ValueTask DisposeAsync()
    {
        await (redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        server?.Dispose();
        await services.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Get_ServerThatIsGone_IsAQuickMissAndCounted()
    {
        var cache = await CreateAsync();
        await cache.SetAsync("key", [1], TimeSpan.FromHours(1), default);
        using var failures = new CountedMeter(services.GetRequiredService<IMeterFactory>(), CacheStoreTelemetry.Name, "answer_cache_failures");
        server!.Dispose();
        server = null;

        var asked = Stopwatch.GetTimestamp();
        Assert.Null(await cache.GetAsync("key", default));
        await cache.SetAsync("key", [1], TimeSpan.FromHours(1), default);
        Assert.True(Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(3));
        Assert.Equal(2, failures.Total);
    }

    protected override async Task<IAnswerCache> CreateAsync()
    {
        server = EmbeddedGarnet.TryStart(folder.FullName, NullLogger.Instance) ?? throw new InvalidOperationException("The embedded server did not start.");
        redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        return new RedisAnswerCache(redis, new CacheStoreTelemetry(services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
    }

    // The server keeps its own time.
    protected override Task PassAsync(TimeSpan span) => Task.Delay(span * 2);
}
