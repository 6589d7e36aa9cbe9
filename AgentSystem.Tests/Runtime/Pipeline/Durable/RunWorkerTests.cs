using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Pipeline.Durable;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Pipeline.Durable;

/// <summary>The hosted service as a process runs it: it polls once a minute, so whatever happens sooner was notified.</summary>
public sealed class RunWorkerTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(45));
    private readonly SemaphoreSlim gate = new(0);
    private RunHouse? house;
    private RunWorker? worker;

    private RunHouse House => house ?? throw new InvalidOperationException("Made before each test.");

    public async ValueTask InitializeAsync()
    {
        house = await RunHouse.CreateAsync(postgres);
        await house.Services.GetRequiredService<PostgresRunSignals>().StartAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await (worker?.StopAsync(default) ?? Task.CompletedTask);
        worker?.Dispose();
        await House.Services.GetRequiredService<PostgresRunSignals>().StopAsync(default);
        await House.DisposeAsync();
        gate.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task Worker_ARunThatIsSubmittedWhileItWaits_IsExecutedAtOnce()
    {
        await StartAsync(new RunOptions { Poll = Never });
        var run = await House.SubmitAsync();
        using var watch = House.Services.GetRequiredService<IRunSignals>().Watch(run.Id);
        while (!(await House.FindAsync(run.Id)).HasEnded)
        {
            await watch.ChangedAsync(Never, patience.Token);
        }

        Assert.Equal((RunStatus.Success, "DO IT"), ((await House.FindAsync(run.Id)).Status, (await House.FindAsync(run.Id)).Output));
    }

    [Fact]
    public async Task Worker_AnApproval_LetsTheRunGoOnAtOnce()
    {
        House.Model.Otherwise = ToolScript.InOrder(() => ToolScript.Calls("fire"), () => Turn.Says("fired"));
        await StartAsync(new RunOptions { Poll = Never });
        var run = await House.SubmitAsync();
        await UntilAsync(async () => (await House.FindAsync(run.Id)).Status == RunStatus.Waiting);
        await House.DecideAsync(run.Id, approved: true);

        await UntilAsync(async () => (await House.FindAsync(run.Id)).HasEnded);

        Assert.Equal((RunStatus.Success, 1), ((await House.FindAsync(run.Id)).Status, House.Count("fire")));
    }

    [Fact]
    public async Task Worker_MoreRunsThanPlaces_ExecutesAsManyAsItMay()
    {
        House.Model.Otherwise = _ => Turn.Says("held") with { Gate = gate };
        await StartAsync(new RunOptions { Concurrency = 2, Poll = Never });
        for (var i = 0; i < 5; i++)
        {
            await House.SubmitAsync();
        }

        await UntilAsync(() => Task.FromResult(House.Model.UnderWay == 2));
        Assert.Equal(3, (await House.Store.ListAsync(RunHouse.Everybody, new RunQuery(10) { Status = RunStatus.Pending }, default)).Count);
        gate.Release(5);

        await UntilAsync(async () => (await House.Store.ListAsync(RunHouse.Everybody, new RunQuery(10) { Status = RunStatus.Success }, default)).Count == 5);
    }

    [Fact]
    public async Task Worker_Stopped_GivesItsRunsBackAndTheyDoNotCountAsTried()
    {
        House.Model.Then(Turn.Says("never said") with { Gate = gate });
        await StartAsync(new RunOptions { Poll = Never });
        var run = await House.SubmitAsync();
        await UntilAsync(() => Task.FromResult(House.Model.UnderWay == 1));

        await worker!.StopAsync(default);

        var given = await House.FindAsync(run.Id);
        Assert.Equal((RunStatus.Pending, 0, 0), (given.Status, given.Attempts, worker.UnderWay));
        await House.DrainAsync();
        Assert.Equal(RunStatus.Success, (await House.FindAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Worker_ARunThatIsCancelled_IsLeftAtOnce()
    {
        House.Model.Then(Turn.Says("never said") with { Gate = gate });
        await StartAsync(new RunOptions { Poll = Never, Lease = TimeSpan.FromMinutes(10) });
        var run = await House.SubmitAsync();
        await UntilAsync(() => Task.FromResult(House.Model.UnderWay == 1));

        await House.Store.CancelAsync(RunHouse.Everybody, run.Id, default);

        await UntilAsync(() => Task.FromResult(worker!.UnderWay == 0));
        Assert.Equal(RunStatus.Cancelled, (await House.FindAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Worker_ALongStep_KeepsItsLease()
    {
        House.Model.Then(Turn.Says("at last") with { Gate = gate });
        await StartAsync(new RunOptions { Poll = Never, Lease = TimeSpan.FromSeconds(1) });
        var run = await House.SubmitAsync();
        await UntilAsync(() => Task.FromResult(House.Model.UnderWay == 1));
        var first = await LeaseAsync();
        // Three leases further on, by the database's clock, it is still the same holder's.
        await UntilAsync(async () => await LeaseAsync() > first + TimeSpan.FromSeconds(3));
        Assert.Empty(await House.Queue.ClaimAsync("another", 1, RunHouse.Lease, 5, default));
        gate.Release(2);

        await UntilAsync(async () => (await House.FindAsync(run.Id)).Status == RunStatus.Success);
    }

    private async Task<DateTime> LeaseAsync() => (DateTime)(await House.Database.ScalarAsync("SELECT lease_until FROM agentsystem.runs"))!;

    private async Task StartAsync(RunOptions options)
    {
        var services = House.Services;
        worker = new RunWorker(
            House.Queue, services.GetRequiredService<IRunSignals>(), House.Executor(options: options), services.GetRequiredService<InstanceTable>(), Options.Create(options),
            TimeProvider.System, NullLogger<RunWorker>.Instance);
        await worker.StartAsync(default);
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
