using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Schedules;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Schedules;
using AgentSystem.Runtime.Schedules.Postgres;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Schedules;

/// <summary>A tick starts one run, whoever watches the clock and whoever dies.</summary>
public sealed class ScheduleClockTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly ScheduleScope Everybody = new(Tenants.Default, null);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 30, TimeSpan.Zero));
    private RunHouse house = null!;
    private PostgresScheduleStore store = null!;

    public async ValueTask InitializeAsync()
    {
        house = await RunHouse.CreateAsync(postgres);
        store = new PostgresScheduleStore(house.Database.Runtime);
        var key = new KeyView("key-1", "key", "as-1", Tenants.Default, null, null, [Scopes.RunsWrite], ["*"], ["*"], KeyLimits.None, time.GetUtcNow(), null, null, null);
        await house.Services.GetRequiredService<IKeyStore>().AddAsync(new StoredKey(new byte[32], key), default);
    }

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task Tick_OnSeveralClocksAtOnce_StartsOneRun()
    {
        var schedule = await AddAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        var went = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Clock().TickAsync(default)));
        var run = Assert.Single(await RunsAsync());
        var after = await FindAsync(schedule);

        Assert.Equal(1, went.Sum());
        Assert.Equal((schedule.Id, "user:ada", "tick"), (run.ScheduleId, run.User, run.Input));
        Assert.Equal((run.Id, (DateTimeOffset?)Minute(1), (DateTimeOffset?)Minute(2)), (after.LastRunId, after.LastAt, after.NextAt));
    }

    [Fact]
    public async Task Tick_BeforeItsTime_StartsNothing()
    {
        await AddAsync();
        Assert.Equal(0, await Clock().TickAsync(default));
        Assert.Empty(await RunsAsync());
    }

    [Fact]
    public async Task Tick_AfterManyWereMissed_StartsOneRunAndGoesOnFromNow()
    {
        var schedule = await AddAsync();
        time.Advance(TimeSpan.FromMinutes(90));
        await Clock().TickAsync(default);
        await Clock().TickAsync(default);

        Assert.Single(await RunsAsync());
        Assert.Equal(Minute(91), (await FindAsync(schedule)).NextAt);
    }

    [Fact]
    public async Task Tick_WhoseClockDiedAfterTheRunWasStarted_IsFinishedWithoutASecondRun()
    {
        var schedule = await AddAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        var due = Assert.Single(await store.DueAsync(time.GetUtcNow(), 10, default));
        await Intake().SubmitAsync(new RunOrder(due.Run.Caller, due.Run.Agent, due.Run.Input, "ada", ScheduleId: due.Id, Id: ScheduleTimes.RunId(due.Id, due.Tick)), default);
        Assert.Equal(1, await Clock().TickAsync(default));

        Assert.Equal(Assert.Single(await RunsAsync()).Id, (await FindAsync(schedule)).LastRunId);
    }

    [Fact]
    public async Task Tick_WithAKeyThatWasRevoked_EndsTheScheduleAndSaysWhy()
    {
        var schedule = await AddAsync();
        await house.Services.GetRequiredService<IKeyStore>().RevokeAsync(Tenants.Default, "key-1", time.GetUtcNow(), default);
        time.Advance(TimeSpan.FromMinutes(1));
        await Clock().TickAsync(default);
        var after = await FindAsync(schedule);

        Assert.Empty(await RunsAsync());
        Assert.Equal((false, (DateTimeOffset?)null), (after.Enabled, after.NextAt));
        Assert.Contains("revoked", after.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tick_ThatIsRefused_SaysWhyAndGoesOnAtItsNextTime()
    {
        var schedule = await AddAsync(agent: "nobody");
        time.Advance(TimeSpan.FromMinutes(1));
        await Clock().TickAsync(default);
        var after = await FindAsync(schedule);

        Assert.Empty(await RunsAsync());
        Assert.Equal((true, (DateTimeOffset?)Minute(2)), (after.Enabled, after.NextAt));
        Assert.Contains("nobody", after.LastError, StringComparison.Ordinal);
    }

    private static DateTimeOffset Minute(int number) => new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero).AddMinutes(number);

    private async Task<ScheduleView> AddAsync(string agent = RunHouse.Agent)
    {
        var run = new ScheduledRun(RunHouse.Caller(), "ada", agent, "tick", null, ConflictPolicy.Enqueue, null, null);
        return (await store.AddAsync(new NewSchedule("each minute", "* * * * *", run, "user:ada", true, ScheduleTimes.Next("* * * * *", time.GetUtcNow()), time.GetUtcNow()), 10, default))!;
    }

    private async Task<ScheduleView> FindAsync(ScheduleView schedule) => (await store.FindAsync(Everybody, schedule.Id, default))!;

    private Task<IReadOnlyList<RunRecord>> RunsAsync() => house.Store.ListAsync(RunHouse.Everybody, new RunQuery(10), default);

    private ScheduleClock Clock() => new(store, Intake(), Options.Create(new ScheduleOptions()), time, NullLogger<ScheduleClock>.Instance);

    private RunIntake Intake() => new(
        house.Store, house.Services.GetRequiredService<IAgentStore>(), house.Services.GetRequiredService<IModelDirectory>(), house.Threads,
        new EgressRule(Options.Create(new EgressOptions())), Options.Create(new ThreadOptions()), Options.Create(new RunOptions()), time);
}
