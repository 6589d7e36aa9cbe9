using System.Collections.Concurrent;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Runtime.Sessions;
using Npgsql;

namespace AgentSystem.Tests.Reliability;

/// <summary>Many runs over several processes move money between accounts in an agent's state while the processes are killed with -9 one after the other. At every moment the total is the same, nobody owes, and each transfer was made once.</summary>
public sealed class BankTests(TestPostgres postgres)
{
    private const int Runs = 12;
    private const int Transfers = 6;
    private const int Processes = 2;

    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));

    [Fact]
    public async Task Transfers_OfManyRunsWhoseProcessesAreKilled_KeepTheTotalAndAreEachMadeOnce()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connection);
        await using var provider = await ScriptedProvider.StartAsync("transfer", Transfers);
        await using var sessions = SessionsOnPostgres.On(source);
        var runs = await PrepareAsync(source, sessions.Store);
        var processes = new List<TestProcess>();
        try
        {
            processes.AddRange(Enumerable.Range(0, Processes).Select(_ => Start(connection, provider)));
            using var stop = new CancellationTokenSource();
            var watching = WatchAsync(sessions.Store, stop.Token);
            foreach (var made in new[] { 6, 16, 28 })
            {
                await UntilAsync(async () => Bank.Ledger(await ReadAsync(sessions.Store)).Count >= made);
                var victim = processes[^Processes];
                await victim.SignalAsync("KILL");
                processes.Add(Start(connection, provider));
            }

            var store = RunStores.Over(new RuntimeDatabase(source));
            await UntilAsync(async () => (await Task.WhenAll(runs.Select(id => store.FindAsync(RunHouse.Everybody, id, patience.Token)))).All(static run => run!.HasEnded));
            await stop.CancelAsync();

            Assert.Empty(await watching);
            var end = await ReadAsync(sessions.Store);
            Assert.Empty(Bank.Check(Bank.Balances(end), Bank.Ledger(end)));
            var steps = (await Task.WhenAll(runs.Select(id => store.StepsAsync(RunHouse.Everybody, id, patience.Token)))).SelectMany(static steps => steps).Where(static step => step.Call is not null).ToList();
            Assert.Equal(Runs * Transfers, steps.Count);
            // What the journals say was moved is what was moved.
            Assert.Equal(Bank.Ledger(end).Order(StringComparer.Ordinal), steps.Where(static step => step.Result == BankTool.Moved).Select(static step => step.Call!.Id).Order(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }
    }

    private static TestProcess Start(string connection, ScriptedProvider provider) =>
        ApiProcess.Begin(connection, provider.Endpoint, [.. BankTool.Environment, ("Runs__Lease", "00:00:01"), ("Runs__Poll", "00:00:00.2"), ("Runs__MaxAttempts", "100")]);

    private async Task<IReadOnlyList<string>> PrepareAsync(NpgsqlDataSource source, ISessionStore sessions)
    {
        await RuntimeSchema.MigrateRuntimeAsync(source, patience.Token);
        await ControlSchema.MigrateControlAsync(source, patience.Token);
        var database = new RuntimeDatabase(source);
        var agent = SeededAgents.Assistant with { Name = "banker", Tools = ["transfer"], Limits = new AgentLimits(MaxSteps: Transfers + 1, MaxSeconds: 600) };
        await new PostgresAgentStore(database).SeedAsync(agent, DateTimeOffset.UnixEpoch, patience.Token);
        await BankTool.OpenAsync(sessions);
        var store = RunStores.Over(database);
        var submitted = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => store.SubmitAsync(RunHouse.NewRun() with { Agent = "banker" }, patience.Token)));
        return [.. submitted.Select(static each => each.Run!.Id)];
    }

    /// <summary>Everything that was wrong at any of many moments.</summary>
    private static async Task<IReadOnlyCollection<string>> WatchAsync(ISessionStore store, CancellationToken stop)
    {
        var wrong = new ConcurrentBag<string>();
        while (!stop.IsCancellationRequested)
        {
            var seen = await ReadAsync(store);
            foreach (var each in Bank.Check(Bank.Balances(seen), Bank.Ledger(seen)))
            {
                wrong.Add(each);
            }

            await Task.Delay(20, CancellationToken.None);
        }

        return wrong;
    }

    private static async Task<SessionView> ReadAsync(ISessionStore store) => (await store.ReadAsync(BankTool.Scope, BankTool.Session, new SessionRead(), default))!;

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(30, patience.Token);
        }
    }
}
