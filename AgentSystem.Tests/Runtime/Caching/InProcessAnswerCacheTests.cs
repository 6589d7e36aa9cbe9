using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Caching.InProcess;
using AgentSystem.Tests.Conformance;
using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Caching;

public sealed class InProcessAnswerCacheTests : AnswerCacheConformance
{
    private const int MaxBytes = 1 << 20;
    private const int Entry = 100_000;

    private readonly FakeTimeProvider time = new();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Set_BeyondTheBytes_DropsWhatWasUnusedTheLongest()
    {
        var cache = New();
        for (var index = 0; index < 10; index++)
        {
            await cache.SetAsync($"{index}", new byte[Entry], TimeSpan.FromHours(1), default);
        }

        Assert.NotNull(await cache.GetAsync("0", default));
        await cache.SetAsync("10", new byte[Entry], TimeSpan.FromHours(1), default);
        Assert.NotNull(await cache.GetAsync("0", default));
        Assert.Null(await cache.GetAsync("1", default));
        Assert.NotNull(await cache.GetAsync("2", default));
    }

    [Fact]
    public async Task Set_AnswerLargerThanTheCache_IsNotKeptAndReplacesTheOldOne()
    {
        var cache = New();
        await cache.SetAsync("key", [1], TimeSpan.FromHours(1), default);
        await cache.SetAsync("key", new byte[MaxBytes], TimeSpan.FromHours(1), default);
        Assert.Null(await cache.GetAsync("key", default));
    }

    [Fact]
    public void AnySequence_NeverKeepsMoreThanItsBytes() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 400_000]).List[0, 40].SampleAsync(async steps =>
        {
            var cache = New();
            foreach (var (key, size) in steps)
            {
                await cache.SetAsync($"{key}", new byte[size], TimeSpan.FromHours(1), default);
            }

            long kept = 0;
            for (var key = 0; key < 10; key++)
            {
                kept += (await cache.GetAsync($"{key}", default))?.Length ?? 0;
            }

            Assert.True(kept <= MaxBytes);
            Assert.True(steps.Count == 0 || steps[^1].Item2 > MaxBytes || await cache.GetAsync($"{steps[^1].Item1}", default) is not null);
        });

    protected override Task<IAnswerCache> CreateAsync() => Task.FromResult(New());

    protected override Task PassAsync(TimeSpan span)
    {
        time.Advance(span);
        return Task.CompletedTask;
    }

    private IAnswerCache New() => new InProcessAnswerCache(Options.Create(new InProcessCacheOptions { MaxBytes = MaxBytes }), time);
}
