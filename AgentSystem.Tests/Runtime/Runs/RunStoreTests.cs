using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Threads;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Runs;

public sealed class RunStoreTests(TestPostgres postgres) : IAsyncLifetime
{
    private const string Thread = "thread_1";

    private RunHouse House { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync() => House = await RunHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => House.DisposeAsync();

    [Fact]
    public async Task Submit_EveryMember_ComesBack()
    {
        var submitted = await House.SubmitAsync(RunHouse.NewRun("what \u00e9") with
        {
            ThreadId = Thread, BeginsThread = true, Priority = 3, BudgetUsd = 1.25m, Webhook = "https://example.com/hook", ScheduleId = "schedule_1",
        });

        var found = await House.FindAsync(submitted.Id);

        Assert.Equivalent(submitted, found, strict: true);
        Assert.Equal(("what \u00e9", RunStatus.Pending, Thread, 1.25m, "https://example.com/hook", "schedule_1", "key-1"), (found.Input, found.Status, found.ThreadId, found.BudgetUsd, found.Webhook, found.ScheduleId, found.KeyId));
    }

    [Fact]
    public async Task Find_AnotherTenantsOrUsersRun_DoesNotExist()
    {
        var run = await House.SubmitAsync();
        foreach (var scope in new[] { new RunScope(MigratedDatabase.TenantA, null), new RunScope(Tenants.Default, "user:bob") })
        {
            Assert.Null(await House.Store.FindAsync(scope, run.Id, default));
            Assert.Null(await House.Store.CancelAsync(scope, run.Id, default));
            Assert.Empty(await House.Store.EventsAsync(scope, run.Id, 0, 10, default));
            Assert.Empty(await House.Store.StepsAsync(scope, run.Id, default));
            Assert.Empty(await House.Store.ListAsync(scope, new RunQuery(10), default));
            Assert.False((await House.Store.ForkAsync(scope, run.Id, new NewFork(RunHouse.Caller(), null), default)).Found);
            Assert.Null((await House.Store.DecideAsync(scope, run.Id, new NewDecision(null, null, true, null, "k"), default)).Run);
        }

        Assert.Equal(RunStatus.Pending, (await House.FindAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Submit_TheSameIdTwice_BeginsOne()
    {
        var run = RunHouse.NewRun() with { Id = "run_of_a_tick" };
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => House.SubmitAsync(run))));
        Assert.All(both, one => Assert.Equal("run_of_a_tick", one.Id));
        Assert.Single(await House.Store.ListAsync(RunHouse.Everybody, new RunQuery(10), default));
        Assert.Single(await House.EventsAsync("run_of_a_tick"));
    }

    [Fact]
    public async Task Submit_WithReject_IsRefusedWhileAnotherIsOpenAndTakenAfter()
    {
        var first = await House.SubmitAsync(OnThread());
        var refused = await House.Store.SubmitAsync(OnThread(ConflictPolicy.Reject), default);
        Assert.Equal((null, first.Id), (refused.Run, refused.Conflict));

        await House.Store.CancelAsync(RunHouse.Everybody, first.Id, default);

        Assert.NotNull((await House.Store.SubmitAsync(OnThread(ConflictPolicy.Reject), default)).Run);
    }

    [Fact]
    public async Task Submit_ManyAtOnceWithReject_TakesOne()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => House.Store.SubmitAsync(OnThread(ConflictPolicy.Reject), default))));
        Assert.Single(all, submission => submission.Run is not null);
    }

    [Theory]
    [InlineData(ConflictPolicy.Interrupt, new[] { "user", "assistant", "tool" })]
    [InlineData(ConflictPolicy.Rollback, new string[0])]
    public async Task Submit_InPlaceOfARunningOne_StopsItAndKeepsWhatThePolicySays(ConflictPolicy policy, string[] kept)
    {
        using var gate = new SemaphoreSlim(0);
        House.Model.Then(ToolScript.Calls("look"), Turn.Says("never told") with { Gate = gate });
        var old = await House.SubmitAsync(OnThread() with { Input = "the first question" });
        var running = House.ExecuteAsync(await House.ClaimAsync());
        while ((await House.StepsAsync(old.Id)).Count < 3)
        {
            await Task.Yield();
        }

        var next = (await House.Store.SubmitAsync(OnThread(policy), default)).Run!;
        gate.Release(10);
        await running;

        Assert.Equal(RunStatus.Interrupted, (await House.FindAsync(old.Id)).Status);
        Assert.Equal(kept, (await MessagesAsync()).Select(message => message.Role));
        House.Model.Then(Turn.Says("second answer"));
        await House.DrainAsync();
        Assert.Equal(RunStatus.Success, (await House.FindAsync(next.Id)).Status);
        Assert.Equal([.. kept, "user", "assistant"], (await MessagesAsync()).Select(message => message.Role));
    }

    [Fact]
    public async Task Cancel_ARunningRun_EndsItAtOnceAndItsHolderStops()
    {
        using var gate = new SemaphoreSlim(0);
        House.Model.Then(ToolScript.Calls("pay") with { Gate = gate });
        var run = await House.SubmitAsync();
        var running = House.ExecuteAsync(await House.ClaimAsync());
        while (House.Model.UnderWay == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(RunStatus.Cancelled, (await House.Store.CancelAsync(RunHouse.Everybody, run.Id, default))!.Status);
        gate.Release();
        await running;

        Assert.Equal((RunStatus.Cancelled, 0), ((await House.FindAsync(run.Id)).Status, House.Count("pay")));
        Assert.Equal(RunStatus.Cancelled, (await House.Store.CancelAsync(RunHouse.Everybody, run.Id, default))!.Status);
        Assert.Single(await House.EventsAsync(run.Id), one => one.Type == RunEvents.Finished);
    }

    [Fact]
    public async Task Fork_FromAStep_RepeatsNothingBeforeItAndEverythingAfter()
    {
        House.Model.Otherwise = ToolScript.InOrder(() => ToolScript.Calls("pay"), () => ToolScript.Calls("look"), () => Turn.Says("done"));
        var run = await House.SubmitAsync(OnThread());
        await House.DrainAsync();
        Assert.Equal((1, 1), (House.Count("pay"), House.Count("look")));

        var forked = (await House.Store.ForkAsync(RunHouse.Everybody, run.Id, new NewFork(RunHouse.Caller(), 2), default)).Run!;
        await House.DrainAsync();

        Assert.Equal((1, 2), (House.Count("pay"), House.Count("look")));
        var ended = await House.FindAsync(forked.Id);
        Assert.Equal((RunStatus.Success, "done", run.Id, 2), (ended.Status, ended.Output, ended.ForkedFrom, ended.ForkStep));
        Assert.Equal(5, (await House.StepsAsync(forked.Id)).Count);
        Assert.Null((await House.Store.ForkAsync(RunHouse.Everybody, run.Id, new NewFork(RunHouse.Caller(), 6), default)).Run);
    }

    [Fact]
    public async Task Discard_ADeadLetter_TakesItOffTheListAndNoMore()
    {
        var run = await House.SubmitAsync();
        var held = await House.ClaimAsync();
        await House.Log.FinishAsync(held.Lease, new RunEnd(RunStatus.Error, null, new RunError("x", "y"), Dead: true), default);
        Assert.Single(await House.Store.ListAsync(RunHouse.Everybody, new RunQuery(10) { Dead = true }, default));

        Assert.True(await House.Store.DiscardAsync(RunHouse.Everybody, run.Id, default));

        Assert.False(await House.Store.DiscardAsync(RunHouse.Everybody, run.Id, default));
        Assert.Null(await House.Store.RetryAsync(RunHouse.Everybody, run.Id, default));
        Assert.Equal(RunStatus.Error, (await House.FindAsync(run.Id)).Status);
    }

    [Fact]
    public async Task List_NewestFirst_GoesOnAfterAPosition()
    {
        var runs = new List<RunRecord>();
        for (var i = 0; i < 5; i++)
        {
            runs.Insert(0, await House.SubmitAsync());
        }

        var page = await House.Store.ListAsync(RunHouse.Everybody, new RunQuery(2), default);
        var rest = await House.Store.ListAsync(RunHouse.Everybody, new RunQuery(10, new RunPosition(page[1].CreatedAt, page[1].Id)) { Status = RunStatus.Pending, Agent = RunHouse.Agent }, default);

        Assert.Equal(runs.Select(run => run.Id), page.Concat(rest).Select(run => run.Id));
    }

    private static NewRun OnThread(ConflictPolicy policy = ConflictPolicy.Enqueue) => RunHouse.NewRun() with { ThreadId = Thread, BeginsThread = true, OnConflict = policy };

    private async Task<IReadOnlyList<MessageView>> MessagesAsync() =>
        await House.Threads.MessagesAsync(new ThreadScope(Tenants.Default, null), Thread, new MessageQuery(false, null, 100), default) ?? [];
}
