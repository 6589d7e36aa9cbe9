using System.Globalization;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Reliability;

/// <summary>Processes of the product execute a run of 101 steps, 50 of them payments, and are killed or paused in the middle of it again and again.</summary>
public sealed class KilledWorkerTests(TestPostgres postgres) : IAsyncDisposable
{
    private const int Payments = 50;

    private static readonly RunScope Everybody = new(Tenants.Default, null);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string effects = Path.Combine(Path.GetTempPath(), "agentsystem-effects-" + Path.GetRandomFileName());
    private readonly List<TestProcess> processes = [];
    private readonly CancellationTokenSource patience = new(Patience);
    private ScriptedProvider? provider;
    private NpgsqlDataSource? database;
    private string connection = "";

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        await (provider?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (database?.DisposeAsync() ?? ValueTask.CompletedTask);
        patience.Dispose();
        File.Delete(effects);
    }

    [Fact]
    public async Task Run_WhoseHolderIsKilledThreeTimes_IsFinishedByOthersAndEveryPaymentMadeOnce()
    {
        var store = await PrepareAsync();
        var run = (await store.SubmitAsync(NewRun(), patience.Token)).Run!;
        Start();
        foreach (var payments in new[] { 8, 20, 33 })
        {
            await UntilAsync(store, run.Id, () => EffectsFile.Read(effects).Length >= payments);
            var holder = await HolderAsync(run.Id);
            await holder.SignalAsync("KILL");
            Start();
        }

        await UntilAsync(store, run.Id, () => false);

        await AssertAllPaidOnceAsync(store, run.Id);
        Assert.Equal(4, processes.Count);
    }

    [Fact]
    public async Task Run_WhoseHolderIsPausedPastItsLease_GoesOnElsewhereAndTheHolderIsRefusedWhenItWakes()
    {
        var store = await PrepareAsync();
        var run = (await store.SubmitAsync(NewRun(), patience.Token)).Run!;
        Start();
        Start();
        await UntilAsync(store, run.Id, () => EffectsFile.Read(effects).Length >= 5);
        var paused = await HolderAsync(run.Id);
        await paused.SignalAsync("STOP");
        var before = EffectsFile.Read(effects).Length;
        await UntilAsync(store, run.Id, () => EffectsFile.Read(effects).Length >= before + 5);
        Assert.NotEqual(paused.Id, (await HolderAsync(run.Id)).Id);
        await paused.SignalAsync("CONT");

        await UntilAsync(store, run.Id, () => false);

        await AssertAllPaidOnceAsync(store, run.Id);
    }

    private async Task AssertAllPaidOnceAsync(PostgresRunStore store, string id)
    {
        var ended = (await store.FindAsync(Everybody, id, patience.Token))!;
        Assert.Equal((RunStatus.Success, "done"), (ended.Status, ended.Output));
        var paid = EffectsFile.Read(effects);
        Assert.Equal(Payments, paid.Length);
        Assert.Equal(Payments, paid.Distinct().Count());
        var steps = await store.StepsAsync(Everybody, id, patience.Token);
        Assert.Equal((2 * Payments) + 1, steps.Count);
        Assert.Equal(paid.Order(StringComparer.Ordinal), steps.Where(step => step.Call is not null).Select(step => step.Call!.Id).Order(StringComparer.Ordinal));
    }

    /// <summary>Waits for the condition or the end of the run; a person looks after calls whose outcome was lost, and can see whether they were made.</summary>
    private async Task UntilAsync(PostgresRunStore store, string id, Func<bool> condition)
    {
        while (!condition())
        {
            var run = (await store.FindAsync(Everybody, id, patience.Token))!;
            if (run.HasEnded)
            {
                return;
            }

            if (run.Status == RunStatus.Waiting)
            {
                var lost = (await store.StepsAsync(Everybody, id, patience.Token)).Single(step => step is { Status: StepStatus.Unknown, Call.Decision: null });
                var made = EffectsFile.Read(effects).Contains(lost.Call!.Id);
                await store.DecideAsync(Everybody, id, new NewDecision(lost.Call.Id, lost.Call.ArgumentsHash, Approved: !made, "it was paid", "a person"), patience.Token);
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private async Task<PostgresRunStore> PrepareAsync()
    {
        connection = await postgres.CreateDatabaseAsync();
        database = NpgsqlDataSource.Create(connection);
        await RuntimeSchema.MigrateRuntimeAsync(database, patience.Token);
        await ControlSchema.MigrateControlAsync(database, patience.Token);
        var agent = SeededAgents.Assistant with { Name = "payer", Tools = [EffectsFile.Tool], Limits = new AgentLimits(MaxSteps: 60, MaxSeconds: 600) };
        await new PostgresAgentStore(new RuntimeDatabase(database)).SeedAsync(agent, DateTimeOffset.UnixEpoch, patience.Token);
        provider = await ScriptedProvider.StartAsync(EffectsFile.Tool, Payments);
        var runtime = new RuntimeDatabase(database);
        return new PostgresRunStore(runtime, new RunWriter(runtime, TimeProvider.System), TimeProvider.System);
    }

    private static NewRun NewRun() => RunHouse.NewRun() with { Agent = "payer" };

    /// <summary>The process that holds the run: instances are called by machine and process id.</summary>
    private async Task<TestProcess> HolderAsync(string id)
    {
        while (true)
        {
            await using var select = database!.CreateCommand("SELECT holder FROM agentsystem.runs WHERE id = $1");
            select.Parameters.Add(new NpgsqlParameter { Value = id });
            if (await select.ExecuteScalarAsync(patience.Token) is string holder)
            {
                var processId = int.Parse(holder[(holder.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
                return processes.Single(process => process.Id == processId);
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private void Start() => processes.Add(ProductProcess.Start("AgentSystem.Api",
    [
        .. EffectsFile.Environment(effects),
        ("AGENTSYSTEM_API_URL", "http://127.0.0.1:0"), ("AGENTSYSTEM_ROOT_KEY", "a-root-key-for-tests-0123456789-0123456789"), ("AGENTSYSTEM_ADMIN_KEY", ApiFixture.Admin),
        ("ConnectionStrings__postgres", connection),
        ("Models__small__Provider", "openai"), ("Models__small__Model", "scripted"), ("Models__small__Endpoint", provider!.Endpoint),
        ("Runs__Lease", "00:00:01"), ("Runs__Poll", "00:00:00.2"),
    ]));
}
