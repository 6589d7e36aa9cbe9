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
using Npgsql;

namespace AgentSystem.Tests.Harness;

/// <summary>A run that makes many payments of class <c>once</c>, one after the other, in whichever process holds it; and a person who looks after those whose outcome was lost.</summary>
internal sealed class PayingRun : IAsyncDisposable
{
    private const string Agent = "payer";

    private static readonly RunScope Everybody = new(Tenants.Default, null);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string effects = Path.Combine(Path.GetTempPath(), "agentsystem-effects-" + Path.GetRandomFileName());
    private readonly CancellationTokenSource patience = new(Patience);
    private readonly int payments;
    private readonly ScriptedProvider provider;
    private readonly NpgsqlDataSource database;
    private readonly PostgresRunStore store;
    private string id = "";

    private PayingRun(int payments, ScriptedProvider provider, string connection)
    {
        (this.payments, this.provider, Connection) = (payments, provider, connection);
        database = NpgsqlDataSource.Create(connection);
        store = RunStores.Over(new RuntimeDatabase(database));
    }

    /// <summary>The database, directly.</summary>
    public string Connection { get; }

    /// <summary>Where its model is.</summary>
    public string Model => provider.Endpoint;

    /// <summary>What a process needs that may execute it: the tool, a lease that is soon over, and attempts enough for a machine on which a lease is over before anything was done.</summary>
    public IEnumerable<(string Name, string Value)> Environment => [.. EffectsFile.Environment(effects), ("Runs__Lease", "00:00:01"), ("Runs__Poll", "00:00:00.2"), ("Runs__MaxAttempts", "100")];

    /// <summary>Payments made so far.</summary>
    public int Paid => EffectsFile.Read(effects).Length;

    /// <summary>Makes the database, its tables, the agent and the model; nothing is submitted yet.</summary>
    public static async Task<PayingRun> PrepareAsync(TestPostgres postgres, int payments)
    {
        var house = new PayingRun(payments, await ScriptedProvider.StartAsync(EffectsFile.Tool, payments), await postgres.CreateDatabaseAsync());
        await RuntimeSchema.MigrateRuntimeAsync(house.database, house.patience.Token);
        await ControlSchema.MigrateControlAsync(house.database, house.patience.Token);
        var agent = SeededAgents.Assistant with { Name = Agent, Tools = [EffectsFile.Tool], Limits = new AgentLimits(MaxSteps: payments + 1, MaxSeconds: 600) };
        await new PostgresAgentStore(new RuntimeDatabase(house.database)).SeedAsync(agent, DateTimeOffset.UnixEpoch, house.patience.Token);
        return house;
    }

    public async Task SubmitAsync() => id = (await store.SubmitAsync(RunHouse.NewRun() with { Agent = Agent }, patience.Token)).Run!.Id;

    /// <summary>Lets it make so many payments and no more for now.</summary>
    public void Allow(int count) => provider.Allow(count);

    /// <summary>Waits for the condition or the end of the run. A person decides about calls whose outcome was lost by looking whether they were made.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
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

    public Task UntilPaidAsync(int count) => UntilAsync(() => Task.FromResult(Paid >= count));

    public Task UntilEndedAsync() => UntilAsync(() => Task.FromResult(false));

    /// <summary>The id of the process that holds the run now, or as soon as one does.</summary>
    public async Task<int> AnyHolderAsync()
    {
        int? holder = null;
        await UntilAsync(async () => (holder = await HolderAsync()) is not null);
        var run = (await store.FindAsync(Everybody, id, patience.Token))!;
        return holder ?? throw new InvalidOperationException($"The run ended ({run.Status}, {run.Error?.Code} {run.Error?.Message}) after {Paid} payments, when somebody should have held it.");
    }

    /// <summary>The id of the process that holds the run now: instances are called by machine and process id. Null between two holders.</summary>
    public async Task<int?> HolderAsync()
    {
        await using var select = database.CreateCommand("SELECT holder FROM agentsystem.runs WHERE id = $1");
        select.Parameters.Add(new NpgsqlParameter { Value = id });
        return await select.ExecuteScalarAsync(patience.Token) is string holder ? int.Parse(holder[(holder.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The run was a success, each payment was made once, and its journal has exactly these.</summary>
    public async Task AssertAllPaidOnceAsync()
    {
        var ended = (await store.FindAsync(Everybody, id, patience.Token))!;
        Assert.Equal((RunStatus.Success, "done"), (ended.Status, ended.Output));
        var paid = EffectsFile.Read(effects);
        Assert.Equal((payments, payments), (paid.Length, paid.Distinct().Count()));
        var steps = await store.StepsAsync(Everybody, id, patience.Token);
        Assert.Equal((2 * payments) + 1, steps.Count);
        Assert.Equal(paid.Order(StringComparer.Ordinal), steps.Where(step => step.Call is not null).Select(step => step.Call!.Id).Order(StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await database.DisposeAsync();
        patience.Dispose();
        File.Delete(effects);
    }
}
