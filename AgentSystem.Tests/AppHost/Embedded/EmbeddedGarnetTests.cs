using AgentSystem.AppHost.Embedded.Garnet;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace AgentSystem.Tests.AppHost.Embedded;

public sealed class EmbeddedGarnetTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("agentsystem-garnet-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task TryStart_Answers_StringsHashesAndExpiry()
    {
        using var garnet = EmbeddedGarnet.TryStart(folder, NullLogger.Instance);
        Assert.NotNull(garnet);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(garnet.ConnectionString);
        var database = redis.GetDatabase();
        await database.StringSetAsync("key", "value", TimeSpan.FromMinutes(1));
        await database.HashIncrementAsync("hash", "field", 3);
        Assert.Equal("value", await database.StringGetAsync("key"));
        Assert.Equal(3, await database.HashGetAsync("hash", "field"));
        Assert.InRange((await database.KeyTimeToLiveAsync("key"))!.Value, TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task TryStart_WithoutThePassword_Refuses()
    {
        using var garnet = EmbeddedGarnet.TryStart(folder, NullLogger.Instance);
        var address = garnet!.ConnectionString.Split(',')[0];
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(address + ",connectTimeout=500,connectRetry=1"));
    }

    [Fact]
    public async Task TryStart_Twice_GivesTwoServersOnPortsOfTheirOwn()
    {
        using var one = EmbeddedGarnet.TryStart(Path.Combine(folder, "1"), NullLogger.Instance);
        using var two = EmbeddedGarnet.TryStart(Path.Combine(folder, "2"), NullLogger.Instance);
        await using var first = await ConnectionMultiplexer.ConnectAsync(one!.ConnectionString);
        await using var second = await ConnectionMultiplexer.ConnectAsync(two!.ConnectionString);
        await first.GetDatabase().StringSetAsync("key", "mine");
        Assert.False(await second.GetDatabase().KeyExistsAsync("key"));
    }
}
