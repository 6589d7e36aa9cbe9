using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Runs;

public sealed class RunQueueTests(TestPostgres postgres) : IAsyncLifetime
{
    private RunHouse House { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync() => House = await RunHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => House.DisposeAsync();

    [Fact]
    public async Task Claim_OneNoisyTenant_DoesNotKeepTheOthersWaiting()
    {
        for (var i = 0; i < 40; i++)
        {
            await House.SubmitAsync();
        }

        var claimed = await ClaimAsync(8);
        await House.SubmitAsync(RunHouse.NewRun(tenant: MigratedDatabase.TenantA));
        await House.SubmitAsync(RunHouse.NewRun(tenant: MigratedDatabase.TenantB));
        var next = await ClaimAsync(2);

        Assert.All(claimed, held => Assert.Equal(Tenants.Default, held.Run.Tenant));
        Assert.Equal([MigratedDatabase.TenantA, MigratedDatabase.TenantB], next.Select(held => held.Run.Tenant).Order());
    }

    [Fact]
    public async Task Claim_WithinATenant_TakesTheHigherPriorityFirstAndThenTheOlder()
    {
        var first = await House.SubmitAsync();
        var second = await House.SubmitAsync();
        var urgent = await House.SubmitAsync(RunHouse.NewRun() with { Priority = 5 });

        Assert.Equal([urgent.Id, first.Id, second.Id], (await ClaimAsync(5)).Select(held => held.Run.Id));
    }

    [Fact]
    public async Task Claim_ByManyWorkersAtOnce_GivesEachRunToOne()
    {
        for (var i = 0; i < 60; i++)
        {
            await House.SubmitAsync();
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            var mine = new List<HeldRun>();
            while (await ClaimAsync(3) is { Count: > 0 } more)
            {
                mine.AddRange(more);
            }

            return mine;
        })));

        var all = claims.SelectMany(mine => mine).ToArray();
        Assert.Equal(60, all.Select(held => held.Run.Id).Distinct().Count());
        Assert.Equal(60, all.Length);
        Assert.Equal(60, all.Select(held => held.Lease.Token).Distinct().Count());
    }

    [Fact]
    public async Task Claim_RunsOfOneThread_OneAtATimeInTheirOrder()
    {
        var first = await House.SubmitAsync(OnThread());
        var second = await House.SubmitAsync(OnThread() with { Priority = 9 });

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ClaimAsync(2))));

        var held = Assert.Single(claims.SelectMany(claim => claim));
        Assert.Equal(first.Id, held.Run.Id);
        await House.Log.FinishAsync(held.Lease, new RunEnd(RunStatus.Success, "", null), default);
        Assert.Equal(second.Id, Assert.Single(await ClaimAsync(2)).Run.Id);
    }

    [Fact]
    public async Task Claim_AWaitingRunOnTheThread_KeepsTheNextOneBack()
    {
        var held = await HoldAsync(OnThread());
        await House.SubmitAsync(OnThread());
        await House.Log.WaitAsync(held.Lease, PlannedCall(held), unknown: false, default);

        Assert.Empty(await ClaimAsync(5));
    }

    [Fact]
    public async Task Lease_ThatIsRenewed_IsNotTakenAway_AndOneThatEndsIs()
    {
        var held = await HoldAsync();
        Assert.Equal([held.Lease], await House.Queue.RenewAsync([held.Lease], RunHouse.Lease, default));
        Assert.Empty(await ClaimAsync(1));

        await House.EndLeasesAsync();

        var again = Assert.Single(await ClaimAsync(1));
        Assert.Equal((held.Run.Id, 2), (again.Run.Id, again.Run.Attempts));
        Assert.Empty(await House.Queue.RenewAsync([held.Lease], RunHouse.Lease, default));
    }

    [Fact]
    public async Task Run_WhoseWorkersAreLostWithoutProgress_BecomesADeadLetterThatCanBeRetried()
    {
        var run = await House.SubmitAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Single(await House.Queue.ClaimAsync("lost", 1, RunHouse.Lease, 3, default));
            await House.EndLeasesAsync();
        }

        Assert.Empty(await House.Queue.ClaimAsync("next", 1, RunHouse.Lease, 3, default));

        var dead = Assert.Single(await House.Store.ListAsync(RunHouse.Everybody, new RunQuery(10) { Dead = true }, default));
        Assert.Equal((run.Id, RunStatus.Error, "attempts_exhausted"), (dead.Id, dead.Status, dead.Error?.Code));
        Assert.Equal(RunEvents.Finished, (await House.EventsAsync(run.Id))[^1].Type);
        Assert.Equal((RunStatus.Pending, 0), (await House.Store.RetryAsync(RunHouse.Everybody, run.Id, default)) is { } retried ? (retried.Status, retried.Attempts) : default);
        Assert.Single(await ClaimAsync(1));
    }

    [Fact]
    public async Task Run_ThatMakesProgress_IsNotPoison()
    {
        var run = await House.SubmitAsync();
        for (var step = 0; step < 6; step++)
        {
            var held = Assert.Single(await House.Queue.ClaimAsync("lost", 1, RunHouse.Lease, 2, default));
            var index = await House.Log.BeginAsync(held.Lease, new StepBegin($"m{step}", StepKind.Model, "small"), default);
            Assert.True(await House.Log.EndAsync(held.Lease, new StepEnd(index!.Value, "{}"), default));
            await House.EndLeasesAsync();
        }

        Assert.Equal(6, (await House.StepsAsync(run.Id)).Count);
        Assert.NotEqual(RunStatus.Error, (await House.FindAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Release_WithAPause_IsNotDueBefore()
    {
        var held = await HoldAsync();
        Assert.True(await House.Log.ReleaseAsync(held.Lease, TimeSpan.FromHours(1), counts: true, default));
        Assert.Empty(await ClaimAsync(1));
        Assert.Equal((RunStatus.Pending, 1), ((await House.FindAsync(held.Run.Id)).Status, (await House.FindAsync(held.Run.Id)).Attempts));
    }

    [Fact]
    public async Task Release_ForAReasonOutsideTheRun_DoesNotCount()
    {
        var held = await HoldAsync();
        Assert.True(await House.Log.ReleaseAsync(held.Lease, TimeSpan.Zero, counts: false, default));
        Assert.Equal(1, Assert.Single(await ClaimAsync(1)).Run.Attempts);
    }

    private static NewRun OnThread() => RunHouse.NewRun() with { ThreadId = "thread_1", BeginsThread = true };

    private static StepBegin PlannedCall(HeldRun held) =>
        new("m0.t0", StepKind.Tool, "fire", new ToolCallEntry(RunIds.Call(held.Run.Id, 0, 0), AgentSystem.Contracts.Tools.ToolEffect.Unsafe, "{}", ToolArguments.Hash("fire", "{}")));

    private async Task<HeldRun> HoldAsync(NewRun? run = null)
    {
        await House.SubmitAsync(run);
        return await House.ClaimAsync();
    }

    private Task<IReadOnlyList<HeldRun>> ClaimAsync(int most) => House.Queue.ClaimAsync("test", most, RunHouse.Lease, 5, default);
}
