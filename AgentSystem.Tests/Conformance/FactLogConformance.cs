using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Runs;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IFactLog"/> keeps to, whether its facts are still queued or already written.</summary>
public abstract class FactLogConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private IFactLog Log { get => field ?? throw new InvalidOperationException("The log is made before each test."); set; }

    public async ValueTask InitializeAsync() => Log = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindRequest_AppendedOne_GivesEveryMemberBack(bool written)
    {
        var usage = Facts.Usage("r1", Noon) with { User = null, FirstTokenMs = null, CostUsd = 0.000123456789m };
        Log.Append(new RequestServed(Tenants.Default, usage.At, usage));
        await SettleAsync(written);
        Assert.Equivalent(usage, await Log.FindRequestAsync(Tenants.Default, "r1", default), strict: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindRequest_OfAnotherTenant_IsNull(bool written)
    {
        Log.Append(new RequestServed(Tenants.Default, Noon, Facts.Usage("r1", Noon)));
        await SettleAsync(written);
        Assert.Null(await Log.FindRequestAsync(MigratedDatabase.TenantA, "r1", default));
        Assert.Null(await Log.FindRequestAsync(Tenants.Default, "r2", default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RequestsSince_Several_AreNewestFirstAndCountedOnce(bool written)
    {
        foreach (var minute in new[] { 3, 1, 2, 0 })
        {
            Log.Append(new RequestServed(Tenants.Default, Noon.AddMinutes(minute), Facts.Usage($"r{minute}", Noon.AddMinutes(minute))));
        }

        Log.Append(new RequestServed(MigratedDatabase.TenantA, Noon, Facts.Usage("other", Noon, MigratedDatabase.TenantA)));
        await SettleAsync(written);
        Assert.Equal(["r3", "r2", "r1"], (await Log.RequestsSinceAsync(Tenants.Default, Noon.AddMinutes(1), 10, default)).Select(usage => usage.RequestId));
        Assert.Equal(["r3", "r2"], (await Log.RequestsSinceAsync(Tenants.Default, Noon, 2, default)).Select(usage => usage.RequestId));
        Assert.Equal(["other"], (await Log.RequestsSinceAsync(MigratedDatabase.TenantA, Noon, 10, default)).Select(usage => usage.RequestId));
    }

    [Fact]
    public async Task RequestsSince_SomeWrittenSomeQueued_GivesBoth()
    {
        Log.Append(new RequestServed(Tenants.Default, Noon, Facts.Usage("written", Noon)));
        await SettleAsync(written: true);
        Log.Append(new RequestServed(Tenants.Default, Noon.AddSeconds(1), Facts.Usage("queued", Noon.AddSeconds(1))));
        Assert.Equal(["queued", "written"], (await Log.RequestsSinceAsync(Tenants.Default, Noon, 10, default)).Select(usage => usage.RequestId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FiguresSince_ManyRequests_AreOfAllOfThemAndHungUpIsNoError(bool written)
    {
        for (var i = 1; i <= 20; i++)
        {
            Append(Facts.Usage($"r{i}", Noon.AddSeconds(i * 6)) with { DurationMs = i, FirstTokenMs = i % 2 == 0 ? i : null, Cache = i <= 3 ? "exact" : "miss" });
        }

        Append(Facts.Usage("gone", Noon.AddSeconds(130)) with { Status = 499, DurationMs = 1_000 });
        await SettleAsync(written);
        Append(Facts.Usage("failed", Noon.AddSeconds(131)) with { Status = 502, DurationMs = 1_000 });
        Append(Facts.Usage("before", Noon.AddSeconds(-1)));
        Append(Facts.Usage("other", Noon, MigratedDatabase.TenantA));

        var figures = await Log.FiguresSinceAsync(Tenants.Default, Noon, default);
        Assert.Equal((22, 1, 220L, 110L, 5.5m, 3), (figures.Requests, figures.Errors, figures.InputTokens, figures.OutputTokens, figures.CostUsd, figures.CacheHits));
        Assert.Equal((10d, 19d, 20d), (figures.P50Ms, figures.P95Ms, figures.FirstTokenP95Ms));
        Assert.Equal([(Noon, 9, 0), (Noon.AddMinutes(1), 10, 0), (Noon.AddMinutes(2), 3, 1)], figures.Minutes.Select(minute => (minute.At, minute.Requests, minute.Errors)));
    }

    [Fact]
    public async Task FiguresSince_NothingCameIn_AreZeroWithoutPercentiles()
    {
        var figures = await Log.FiguresSinceAsync(Tenants.Default, Noon, default);
        Assert.Equal((0, 0, 0m, null, null), (figures.Requests, figures.Errors, figures.CostUsd, figures.P50Ms, figures.FirstTokenP95Ms));
        Assert.Empty(figures.Minutes);
    }

    private void Append(RequestUsage usage) => Log.Append(new RequestServed(usage.Tenant, usage.At, usage));

    /// <summary>A log that writes only when <see cref="SettleAsync"/> says so.</summary>
    protected abstract Task<IFactLog> CreateAsync();

    /// <summary>With <paramref name="written"/>, writes everything that was appended.</summary>
    protected abstract Task SettleAsync(bool written);
}
