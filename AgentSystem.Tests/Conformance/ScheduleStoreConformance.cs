using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Schedules;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Schedules;
using AgentSystem.Runtime.Schedules.Postgres;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IScheduleStore"/> keeps to.</summary>
public abstract class ScheduleStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly ScheduleScope Default = new(Tenants.Default, null);

    private IScheduleStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Find_AKeptSchedule_GivesEveryMemberBack()
    {
        var made = await AddAsync("one");

        Assert.Equivalent(
            new ScheduleView(made.Id, "one", "0 9 * * *", "assistant", "go", "new", "me", ConflictPolicy.Reject, 1.5m, "https://example.com/", true, Noon, null, null, null, Noon),
            await Store.FindAsync(Default, made.Id, default), strict: true);
        Assert.Null(await Store.FindAsync(Default with { User = "user:other" }, made.Id, default));
        Assert.Null(await Store.FindAsync(new ScheduleScope(MigratedDatabase.TenantA, null), made.Id, default));
    }

    [Fact]
    public async Task Due_OfAllTenants_GivesThoseWhoseTimeHasComeAndNoOthers()
    {
        var here = await AddAsync("here", next: Noon.AddMinutes(-1));
        var there = await AddAsync("there", MigratedDatabase.TenantA, Noon.AddMinutes(-2));
        await AddAsync("later", next: Noon.AddMinutes(1));
        await AddAsync("paused", enabled: false);
        var due = await Store.DueAsync(Noon, 10, default);

        Assert.Equal([(MigratedDatabase.TenantA, there.Id), (Tenants.Default, here.Id)], due.Select(one => (one.Tenant, one.Id)));
        Assert.Equal(("key_1", "me", Noon.AddMinutes(-1), false), (due[1].Run.Caller.KeyId, due[1].Run.AskedUser, due[1].Tick, due[1].KeyHolds));
    }

    [Fact]
    public async Task Advance_BySeveralAtOnce_HappensOnce()
    {
        var made = await AddAsync("contested");
        var due = Assert.Single(await Store.DueAsync(Noon, 10, default));
        var went = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Store.AdvanceAsync(due, new TickOutcome($"run_{i}", null, Noon.AddDays(1)), default)));
        var after = await Store.FindAsync(Default, made.Id, default);

        Assert.Single(went, true);
        Assert.Equal((Noon.AddDays(1), (DateTimeOffset?)Noon, (string?)null), (after!.NextAt!.Value, after.LastAt, after.LastError));
        Assert.Empty(await Store.DueAsync(Noon, 10, default));
    }

    [Fact]
    public async Task Advance_WithoutARun_KeepsTheLastOneAndSaysWhy()
    {
        var made = await AddAsync("failing");
        await Store.AdvanceAsync(Assert.Single(await Store.DueAsync(Noon, 10, default)), new TickOutcome("run_1", null, Noon), default);
        await Store.AdvanceAsync(Assert.Single(await Store.DueAsync(Noon, 10, default)), new TickOutcome(null, "no agent", null, Disable: true), default);
        var after = await Store.FindAsync(Default, made.Id, default);

        Assert.Equal(("run_1", "no agent", false, (DateTimeOffset?)null), (after!.LastRunId, after.LastError, after.Enabled, after.NextAt));
    }

    [Fact]
    public async Task Change_SomeMembers_LeavesTheOthers()
    {
        var made = await AddAsync("before");
        var named = await Store.ChangeAsync(Default, made.Id, new ScheduleChange("after", null, "come", null, Noon.AddDays(9)), default);
        var paused = await Store.ChangeAsync(Default, made.Id, new ScheduleChange(null, null, null, false, Noon.AddDays(9)), default);
        var again = await Store.ChangeAsync(Default, made.Id, new ScheduleChange(null, "0 8 * * *", null, true, Noon.AddDays(9)), default);

        Assert.Equal(("after", "come", "0 9 * * *", (DateTimeOffset?)Noon), (named!.Name, named.Input, named.Cron, named.NextAt));
        Assert.Equal((false, (DateTimeOffset?)null), (paused!.Enabled, paused.NextAt));
        Assert.Equal((true, "0 8 * * *", "after", (DateTimeOffset?)Noon.AddDays(9)), (again!.Enabled, again.Cron, again.Name, again.NextAt));
        Assert.Null(await Store.ChangeAsync(Default with { User = "user:other" }, made.Id, new ScheduleChange("x", null, null, null, null), default));
    }

    [Fact]
    public async Task List_AndDelete_KnowWhatIsThere()
    {
        var (old, young) = (await AddAsync("old"), await AddAsync("young", at: Noon.AddSeconds(1)));

        Assert.Equal([young.Id, old.Id], (await Store.ListAsync(Default, null, 5, default)).Select(one => one.Id));
        Assert.Equal([old.Id], (await Store.ListAsync(Default, young.Id, 5, default)).Select(one => one.Id));
        Assert.True(await Store.DeleteAsync(Default, old.Id, default));
        Assert.False(await Store.DeleteAsync(Default, old.Id, default));
    }

    /// <summary>A store that knows the tenants <c>default</c> and <see cref="MigratedDatabase.TenantA"/>, and no key.</summary>
    protected abstract Task<IScheduleStore> CreateAsync();

    private async Task<ScheduleView> AddAsync(string name, string tenant = Tenants.Default, DateTimeOffset? next = null, bool enabled = true, DateTimeOffset? at = null)
    {
        var caller = new Caller("key_1", "key", tenant, null, null, [Scopes.RunsWrite], ["*"], ["*"], KeyLimits.None);
        var run = new ScheduledRun(caller, "me", "assistant", "go", "new", ConflictPolicy.Reject, 1.5m, "https://example.com/");
        return (await Store.AddAsync(new NewSchedule(name, "0 9 * * *", run, "user:me", enabled, enabled ? next ?? Noon : null, at ?? Noon), 100, default))!;
    }
}

public sealed class PostgresScheduleStoreTests(TestPostgres postgres) : ScheduleStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IScheduleStore> CreateAsync() => new PostgresScheduleStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime);
}
