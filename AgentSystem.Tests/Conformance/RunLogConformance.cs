using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Runs;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IRunLog"/> keeps to.</summary>
public abstract class RunLogConformance : IAsyncLifetime
{
    private static readonly StepBegin Model = new("m0", StepKind.Model, "small");

    private protected IRunLog Log { get; set; } = new MemoryRunLog();

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Steps_InTheOrderTheyBegan_AreNumberedWithoutGaps()
    {
        var lease = await ClaimAsync();
        Assert.Equal(1, await Log.BeginAsync(lease, Model, default));
        Assert.True(await Log.EndAsync(lease, new StepEnd(1, """{"messages":[]}""", Name: "other"), default));
        Assert.Equal(2, await Log.BeginAsync(lease, Call(lease), default));

        var steps = await Log.ReadAsync(lease, default);

        Assert.Equal([(1, "m0", "other", StepStatus.Done), (2, "m0.t0", "pay", StepStatus.Started)], steps.Select(step => (step.Index, step.Key, step.Name, step.Status)));
        Assert.Equal("""{"messages":[]}""", steps[0].Result);
        Assert.Equal(Call(lease).Call, steps[1].Call);
    }

    [Fact]
    public async Task Advance_EndsOneStepAndBeginsTheNext()
    {
        var lease = await ClaimAsync();
        await Log.BeginAsync(lease, Model, default);

        Assert.Equal(2, await Log.AdvanceAsync(lease, new StepEnd(1, """{"messages":[]}""", Delta: "the last words", Name: "other", 3, 5, 0.25m), Call(lease), default));
        Assert.Equal(3, await Log.AdvanceAsync(lease, new StepEnd(2, "paid"), new StepBegin("m1", StepKind.Model, "small"), default));

        var steps = await Log.ReadAsync(lease, default);
        Assert.Equal(
            [(1, "m0", "other", StepStatus.Done, """{"messages":[]}"""), (2, "m0.t0", "pay", StepStatus.Done, "paid"), (3, "m1", "small", StepStatus.Running, null)],
            steps.Select(step => (step.Index, step.Key, step.Name, step.Status, step.Result)));
        Assert.Equal(Call(lease).Call, steps[1].Call);
    }

    [Fact]
    public async Task Advance_ToAStepThatWasBegunBefore_KeepsItsIndexAndCountsTheAttempt()
    {
        var first = await ClaimAsync();
        await Log.BeginAsync(first, Model, default);
        await Log.BeginAsync(first, Call(first), default);
        await ExpireAsync();
        var second = await ClaimAsync();
        await Log.BeginAsync(second, Model, default);

        Assert.Equal(2, await Log.AdvanceAsync(second, new StepEnd(1, "{}"), Call(second), default));

        Assert.Equal([(StepStatus.Done, 2), (StepStatus.Started, 2)], (await Log.ReadAsync(second, default)).Select(step => (step.Status, step.Attempts)));
    }

    [Fact]
    public async Task Advance_ByAHolderThatLostTheRun_DoesNeither()
    {
        var old = await ClaimAsync();
        await Log.BeginAsync(old, Model, default);
        await ExpireAsync();
        var current = await ClaimAsync();

        Assert.Null(await Log.AdvanceAsync(old, new StepEnd(1, "{}"), Call(old), default));

        Assert.Equal([(1, StepStatus.Running, null)], (await Log.ReadAsync(current, default)).Select(step => (step.Index, step.Status, step.Result)));
    }

    [Fact]
    public async Task Begin_AgainByTheNextHolder_KeepsTheIndexAndCountsTheAttempt()
    {
        var first = await ClaimAsync();
        await Log.BeginAsync(first, Model, default);
        await Log.BeginAsync(first, Call(first), default);
        await ExpireAsync();
        var second = await ClaimAsync();

        Assert.Equal(2, await Log.BeginAsync(second, Call(second), default));

        Assert.Equal([1, 2], (await Log.ReadAsync(second, default)).Select(step => step.Attempts));
    }

    [Fact]
    public async Task Wait_GivesTheRunUp_AndADecisionHoldsOnce()
    {
        var lease = await ClaimAsync();
        Assert.True(await Log.WaitAsync(lease, Call(lease), unknown: false, default));
        Assert.Equal(StepStatus.Planned, (await Log.ReadAsync(lease, default))[0].Status);
        Assert.Null(await Log.BeginAsync(lease, Model, default));
        await ApproveAsync();
        var next = await ClaimAsync();
        Assert.True((await Log.ReadAsync(next, default))[0].Call!.Decision!.Approved);
        Assert.Equal(1, await Log.BeginAsync(next, Call(next), default));
        Assert.Equal((StepStatus.Started, 1), ((await Log.ReadAsync(next, default))[0].Status, (await Log.ReadAsync(next, default))[0].Attempts));

        Assert.True(await Log.WaitAsync(next, Call(next), unknown: true, default));

        Assert.Equal((StepStatus.Unknown, null), ((await Log.ReadAsync(next, default))[0].Status, (await Log.ReadAsync(next, default))[0].Call!.Decision));
    }

    [Fact]
    public async Task EveryWrite_AfterTheEndOrWithAnOldToken_IsRefused()
    {
        var old = await ClaimAsync();
        await Log.BeginAsync(old, Model, default);
        await ExpireAsync();
        var current = await ClaimAsync();
        Assert.True(await Log.FinishAsync(current, new RunEnd(RunStatus.Success, "x", null), default));

        foreach (var lease in new[] { old, current })
        {
            Assert.False(await Log.StartAsync(lease, 1, 0, default));
            Assert.Null(await Log.BeginAsync(lease, Model, default));
            Assert.False(await Log.EndAsync(lease, new StepEnd(1, "{}"), default));
            Assert.Null(await Log.AdvanceAsync(lease, new StepEnd(1, "{}"), Call(lease), default));
            Assert.False(await Log.DeltaAsync(lease, 1, "x", default));
            Assert.False(await Log.WaitAsync(lease, Call(lease), true, default));
            Assert.False(await Log.ReleaseAsync(lease, TimeSpan.Zero, true, default));
            Assert.False(await Log.FinishAsync(lease, new RunEnd(RunStatus.Error, null, null), default));
        }
    }

    /// <summary>Gives the one run there is to a new holder.</summary>
    private protected abstract Task<RunLease> ClaimAsync();

    private protected abstract Task ExpireAsync();

    private protected abstract Task ApproveAsync();

    private static StepBegin Call(RunLease lease) =>
        new("m0.t0", StepKind.Tool, "pay", new ToolCallEntry(RunIds.Call(lease.RunId, 0, 0), ToolEffect.Once, """{"n":"1"}""", ToolArguments.Hash("pay", """{"n":"1"}""")));
}

public sealed class MemoryRunLogTests : RunLogConformance
{
    private protected override Task<RunLease> ClaimAsync() => Task.FromResult(((MemoryRunLog)Log).Claim());

    private protected override Task ExpireAsync() => Task.CompletedTask;

    private protected override Task ApproveAsync()
    {
        ((MemoryRunLog)Log).Decide(approved: true);
        return Task.CompletedTask;
    }
}

public sealed class PostgresRunLogTests(TestPostgres postgres) : RunLogConformance
{
    private RunHouse? house;
    private string run = "";

    public override async ValueTask InitializeAsync()
    {
        house = await RunHouse.CreateAsync(postgres);
        Log = house.Log;
        run = (await house.SubmitAsync()).Id;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (house?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private protected override async Task<RunLease> ClaimAsync() => (await house!.ClaimAsync()).Lease;

    private protected override Task ExpireAsync() => house!.EndLeasesAsync();

    private protected override Task ApproveAsync() => house!.DecideAsync(run, approved: true);
}
