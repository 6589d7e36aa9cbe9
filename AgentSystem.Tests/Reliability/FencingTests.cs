using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Reliability;

/// <summary>A holder that was paused longer than its lease wakes up: it is refused, and stops.</summary>
public sealed class FencingTests(TestPostgres postgres) : IAsyncLifetime
{
    private RunHouse House { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync() => House = await RunHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => House.DisposeAsync();

    [Fact]
    public async Task Holder_PausedInAModelCall_MakesNoCallAndWritesNothingAfterAnotherFinished()
    {
        using var gate = new SemaphoreSlim(0);
        House.Model.Then(ToolScript.Calls("pay") with { Gate = gate });
        House.Model.Otherwise = ToolScript.InOrder(() => ToolScript.Calls("pay"), () => Turn.Says("paid"));
        var run = await House.SubmitAsync();
        var paused = House.ExecuteAsync(await House.ClaimAsync("paused"));
        await UntilAsync(() => House.Model.UnderWay == 1);
        await House.EndLeasesAsync();
        await House.DrainAsync();
        var told = (await House.EventsAsync(run.Id)).Count;

        gate.Release();
        await paused;

        var ended = await House.FindAsync(run.Id);
        Assert.Equal((RunStatus.Success, "paid"), (ended.Status, ended.Output));
        Assert.Equal((1, told), (House.Count("pay"), (await House.EventsAsync(run.Id)).Count));
    }

    [Fact]
    public async Task Holder_PausedInAOnceCall_LeavesThatCallToAPerson()
    {
        using var gate = new SemaphoreSlim(0);
        House.Tools["pay"].Before = gate.WaitAsync;
        House.Model.Otherwise = ToolScript.InOrder(() => ToolScript.Calls("pay"), () => Turn.Says("paid"));
        var run = await House.SubmitAsync();
        var paused = House.ExecuteAsync(await House.ClaimAsync("paused"));
        await UntilStepAsync(run.Id, StepStatus.Started);
        await House.EndLeasesAsync();
        await House.DrainAsync();
        Assert.Equal(RunStatus.Waiting, (await House.FindAsync(run.Id)).Status);

        gate.Release(2);
        await paused;

        // It was made after all, by the one who was paused; its result is not taken, and nobody makes it again unasked.
        Assert.Equal(StepStatus.Unknown, (await House.StepsAsync(run.Id))[1].Status);
        await House.DecideBySightAsync(run.Id);
        await House.DrainAsync();
        Assert.Equal(1, House.Count("pay"));
        Assert.Equal(RunStatus.Success, (await House.FindAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Holder_PausedInsideATransaction_IsCutOffByTheServerAndItsRunGoesOnElsewhere()
    {
        var run = await House.SubmitAsync();
        await House.ClaimAsync("paused");
        await House.EndLeasesAsync();
        await using var asleep = await new RuntimeDatabase(House.Database.Source, TimeSpan.FromSeconds(1)).OpenAsync(Tenants.Default, default);
        await using (var writes = asleep.Command("UPDATE agentsystem.runs SET attempts = attempts WHERE id = $1", run.Id))
        {
            await writes.ExecuteNonQueryAsync();
        }

        Assert.Empty(await House.Queue.ClaimAsync("other", 1, RunHouse.Lease, 5, default));
        var taken = await House.Queue.ClaimAsync("other", 1, RunHouse.Lease, 5, default);
        while (taken.Count == 0)
        {
            taken = await House.Queue.ClaimAsync("other", 1, RunHouse.Lease, 5, default);
        }

        Assert.Equal(run.Id, taken[0].Run.Id);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => asleep.CommitAsync(default));
    }

    [Fact]
    public async Task Writes_WithAnOldToken_AreRefusedOneByOne()
    {
        var run = await House.SubmitAsync();
        var old = (await House.ClaimAsync("old")).Lease;
        var index = await House.Log.BeginAsync(old, new StepBegin("m0", StepKind.Model, "small"), default);
        await House.EndLeasesAsync();
        var current = (await House.ClaimAsync("new")).Lease;
        Assert.True(current.Token > old.Token);

        Assert.Null(await House.Log.BeginAsync(old, new StepBegin("m1", StepKind.Model, "small"), default));
        Assert.False(await House.Log.StartAsync(old, 1, 0, default));
        Assert.False(await House.Log.EndAsync(old, new StepEnd(index!.Value, "{}"), default));
        Assert.False(await House.Log.DeltaAsync(old, index.Value, "x", default));
        Assert.False(await House.Log.WaitAsync(old, new StepBegin("m1", StepKind.Model, "small"), false, default));
        Assert.False(await House.Log.ReleaseAsync(old, TimeSpan.Zero, true, default));
        Assert.False(await House.Log.FinishAsync(old, new RunEnd(RunStatus.Success, "stolen", null), default));
        Assert.Equal([current], await House.Queue.RenewAsync([old, current], RunHouse.Lease, default));
        Assert.Equal((RunStatus.Running, null), ((await House.FindAsync(run.Id)).Status, (await House.FindAsync(run.Id)).Output));
        Assert.Single(await House.StepsAsync(run.Id));
    }

    private async Task UntilStepAsync(string id, StepStatus status)
    {
        while (!(await House.StepsAsync(id)).Any(step => step.Status == status))
        {
            await Task.Yield();
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
