using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability;

/// <summary>Processes of the product execute a run of 101 steps, 50 of them payments, and are killed or paused in the middle of it again and again.</summary>
public sealed class KilledWorkerTests(TestPostgres postgres) : IAsyncDisposable
{
    private const int Payments = 50;

    private readonly List<TestProcess> processes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task Run_WhoseHolderIsKilledThreeTimes_IsFinishedByOthersAndEveryPaymentMadeOnce()
    {
        await using var run = await PayingRun.PrepareAsync(postgres, Payments);
        await run.SubmitAsync();
        Start(run);
        foreach (var payments in new[] { 8, 20, 33 })
        {
            await run.UntilPaidAsync(payments);
            var holder = await HolderAsync(run);
            await holder.SignalAsync("KILL");
            Start(run);
        }

        await run.UntilEndedAsync();

        await run.AssertAllPaidOnceAsync();
        Assert.Equal(4, processes.Count);
    }

    [Fact]
    public async Task Run_WhoseHolderIsPausedPastItsLease_GoesOnElsewhereAndTheHolderIsRefusedWhenItWakes()
    {
        await using var run = await PayingRun.PrepareAsync(postgres, Payments);

        // Its model holds the run back, so that the holder is paused with no payment on its way: what it had begun to send, it would still send when it wakes.
        run.Allow(5);
        await run.SubmitAsync();
        Start(run);
        Start(run);
        await run.UntilPaidAsync(5);
        var paused = await HolderAsync(run);
        await paused.SignalAsync("STOP");
        run.Allow(Payments);
        await run.UntilPaidAsync(10);
        Assert.NotEqual(paused.Id, (await HolderAsync(run)).Id);
        await paused.SignalAsync("CONT");

        await run.UntilEndedAsync();

        await run.AssertAllPaidOnceAsync();
    }

    private async Task<TestProcess> HolderAsync(PayingRun run)
    {
        var holder = await run.AnyHolderAsync();
        return processes.Single(process => process.Id == holder);
    }

    private void Start(PayingRun run) => processes.Add(ApiProcess.Begin(run.Connection, run.Model, run.Environment));
}
