using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Runs;

/// <summary>Runs above and below one another, in the store.</summary>
public sealed class RunFamilyTests(TestPostgres postgres) : IAsyncLifetime
{
    private RunHouse House { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync() => House = await RunHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => House.DisposeAsync();

    [Fact]
    public async Task Submit_BelowOthers_TakesAlongWhatThoseAboveMayCost_AndSoDoesItsFork()
    {
        var first = await BeginAsync(budget: 5m);
        var second = await BeginAsync(first);
        var third = await BeginAsync(second, budget: 50m);
        var fourth = await BeginAsync(third, budget: 1m);
        var fork = (await House.Store.ForkAsync(RunHouse.Everybody, fourth.Id, new NewFork(RunHouse.Caller(), 0), default)).Run!;

        Assert.Equal([new RunCap(first.Id, 5m), new RunCap(third.Id, 50m)], fourth.LimitsAbove);
        Assert.Equal((third.Id, 3, (decimal?)1m), (fourth.ParentId, fourth.Depth, fourth.BudgetUsd));
        Assert.Equal(fourth.LimitsAbove, fork.LimitsAbove);
        Assert.Equal((third.Id, 3, (decimal?)1m), (fork.ParentId, fork.Depth, fork.BudgetUsd));
        Assert.Equal(fourth.LimitsAbove, (await FindAsync(fourth)).LimitsAbove);
    }

    [Fact]
    public async Task Cancel_WhileRunsAreBegunBelow_LeavesNoneOfThemGoingOn()
    {
        for (var round = 0; round < 15; round++)
        {
            var parent = await BeginAsync();
            var child = await BeginAsync(parent);
            var begun = Enumerable.Range(0, 6).Select(i => Task.Run(() => House.Store.SubmitAsync(RunHouse.NewRun() with { ParentId = i % 2 == 0 ? parent.Id : child.Id }, default))).ToArray();
            await House.Store.CancelAsync(RunHouse.Everybody, parent.Id, default);
            var below = await Task.WhenAll(begun);

            Assert.All(below.Where(one => one.Run is null), refused => Assert.Equal(ParentProblem.Ended, refused.Parent));
        }

        Assert.Equal(0L, await House.Database.ScalarAsync("SELECT count(*) FROM agentsystem.runs WHERE status IN ('pending', 'running', 'waiting')"));
    }

    [Fact]
    public async Task Cancel_ReachesThroughARunThatHasEnded_AndTellsWhoeverHoldsARunBelow()
    {
        var parent = await BeginAsync();
        var child = await BeginAsync(parent);
        var grandchild = await BeginAsync(child);
        var held = (await House.Queue.ClaimAsync("a", 5, RunHouse.Lease, 5, default)).ToDictionary(one => one.Run.Id);
        await House.Log.FinishAsync(held[child.Id].Lease, new RunEnd(RunStatus.Success, "done", null), default);
        await House.Store.CancelAsync(RunHouse.Everybody, parent.Id, default);

        Assert.Equal((RunStatus.Success, RunStatus.Cancelled), ((await FindAsync(child)).Status, (await FindAsync(grandchild)).Status));
        Assert.False(await House.Log.DeltaAsync(held[grandchild.Id].Lease, 1, "more", default));
        Assert.Equal(RunEvents.Finished, (await House.EventsAsync(grandchild.Id))[^1].Type);
    }

    [Fact]
    public async Task End_OfAParent_LeavesItsChildrenGoingOn()
    {
        var parent = await BeginAsync();
        var held = await House.ClaimAsync();
        var child = await BeginAsync(parent);
        await House.Log.FinishAsync(held.Lease, new RunEnd(RunStatus.Success, "done", null), default);

        Assert.Equal(RunStatus.Pending, (await FindAsync(child)).Status);
        Assert.Equal(ParentProblem.Ended, (await House.Store.SubmitAsync(RunHouse.NewRun() with { ParentId = parent.Id }, default)).Parent);
    }

    [Fact]
    public async Task Interrupt_OfAParentAndItsChildOnOneThread_EndsEachOnce()
    {
        var parent = await House.SubmitAsync(RunHouse.NewRun() with { ThreadId = "both" });
        var child = await House.SubmitAsync(RunHouse.NewRun() with { ThreadId = "both", ParentId = parent.Id });
        await House.SubmitAsync(RunHouse.NewRun() with { ThreadId = "both", OnConflict = ConflictPolicy.Rollback });

        Assert.Equal((RunStatus.Interrupted, RunStatus.Cancelled), ((await FindAsync(parent)).Status, (await FindAsync(child)).Status));
        Assert.Single(await House.EventsAsync(child.Id), told => told.Type == RunEvents.Finished);
    }

    private Task<RunRecord> BeginAsync(RunRecord? parent = null, decimal? budget = null) => House.SubmitAsync(RunHouse.NewRun() with { ParentId = parent?.Id, BudgetUsd = budget });

    private Task<RunRecord> FindAsync(RunRecord run) => House.FindAsync(run.Id);
}
