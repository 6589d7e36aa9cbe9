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

    /// <summary>A log that writes only when <see cref="SettleAsync"/> says so.</summary>
    protected abstract Task<IFactLog> CreateAsync();

    /// <summary>With <paramref name="written"/>, writes everything that was appended.</summary>
    protected abstract Task SettleAsync(bool written);
}
