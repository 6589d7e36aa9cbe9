using AgentSystem.Runtime.Caching;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IAnswerCache"/> keeps to.</summary>
public abstract class AnswerCacheConformance : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private IAnswerCache Cache { get => field ?? throw new InvalidOperationException("The cache is made before each test."); set; }

    public async ValueTask InitializeAsync() => Cache = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Get_KeptAnswer_GivesItsBytes()
    {
        byte[] bytes = [0, 1, 2, 255, 0];
        await Cache.SetAsync("key", bytes, Hour, default);
        Assert.Equal(bytes, await Cache.GetAsync("key", default));
        Assert.Null(await Cache.GetAsync("Key", default));
    }

    [Fact]
    public async Task Set_SameKeyAgain_Replaces()
    {
        await Cache.SetAsync("key", [1], Hour, default);
        await Cache.SetAsync("key", [2], Hour, default);
        Assert.Equal((byte[])[2], await Cache.GetAsync("key", default));
    }

    [Fact]
    public async Task Set_EmptyAnswer_IsAHit()
    {
        await Cache.SetAsync("key", [], Hour, default);
        Assert.Equal((byte[])[], await Cache.GetAsync("key", default));
    }

    [Fact]
    public async Task Get_AfterTheLifetime_IsAMiss()
    {
        await Cache.SetAsync("short", [1], TimeSpan.FromMilliseconds(50), default);
        await Cache.SetAsync("long", [2], Hour, default);
        await PassAsync(TimeSpan.FromMilliseconds(50));
        Assert.Null(await Cache.GetAsync("short", default));
        Assert.Equal((byte[])[2], await Cache.GetAsync("long", default));
    }

    [Fact]
    public async Task Clear_Prefix_ForgetsWhatBeginsWithItAndNothingElse()
    {
        for (var i = 0; i < 1_200; i++)
        {
            await Cache.SetAsync($"mine:{i}", [1], Hour, default);
        }

        await Cache.SetAsync("yours:1", [2], Hour, default);

        Assert.Equal(1_200, await Cache.ClearAsync("mine:", default));
        Assert.Null(await Cache.GetAsync("mine:7", default));
        Assert.Equal((byte[])[2], await Cache.GetAsync("yours:1", default));
        Assert.Equal(0, await Cache.ClearAsync("mine:", default));
    }

    protected abstract Task<IAnswerCache> CreateAsync();

    /// <summary>Lets at least <paramref name="span"/> pass for the cache.</summary>
    protected abstract Task PassAsync(TimeSpan span);
}
