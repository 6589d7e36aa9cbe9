using System.Globalization;
using System.Net.Http.Json;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Json;
using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Runtime.Sessions;

namespace AgentSystem.Tests.Reliability.Soak;

/// <summary>Everything a soak does something to: a PostgreSQL that can be killed, API processes with networks of their own to it, a model that calls the bank's tool and one that sells.</summary>
internal sealed class SoakWorld : IAsyncDisposable
{
    public const string Agent = "banker";
    public const string Priced = "priced";
    public const decimal LimitUsd = 3m;

    private const int Transfers = 5;

    private readonly PostgresCluster cluster;
    private readonly ScriptedProvider provider;
    private readonly SellingModel model;
    private readonly List<SoakPlace> places = [];

    private SoakWorld(PostgresCluster cluster, ScriptedProvider provider, SellingModel model)
    {
        (this.cluster, this.provider, this.model) = (cluster, provider, model);
        Sessions = SessionsOnPostgres.On(cluster.Primary.Source);
    }

    public PostgresNode Database => cluster.Primary;

    public IReadOnlyList<SoakPlace> Places => places;

    /// <summary>The state of agents, directly.</summary>
    public SessionsOnPostgres Sessions { get; }

    /// <summary>What the priced model sold, in USD.</summary>
    public decimal SoldUsd => model.SoldUsd;

    /// <summary>The budget that counts every call of the priced model.</summary>
    public string Budget { get; private set; } = "";

    public static async Task<SoakWorld> StartAsync(int places)
    {
        var model = await SellingModel.StartAsync();
        model.Open();
        var world = new SoakWorld(await PostgresCluster.StartAsync(standbys: 0), await ScriptedProvider.StartAsync("transfer", Transfers), model);
        await RuntimeSchema.MigrateRuntimeAsync(world.Database.Source, default);
        await ControlSchema.MigrateControlAsync(world.Database.Source, default);
        var agent = SeededAgents.Assistant with { Name = Agent, Tools = ["transfer"], Limits = new AgentLimits(MaxSteps: Transfers + 1, MaxSeconds: 3600) };
        await new PostgresAgentStore(new RuntimeDatabase(world.Database.Source)).SeedAsync(agent, DateTimeOffset.UnixEpoch, default);
        await BankTool.OpenAsync(world.Sessions.Store);
        for (var place = 0; place < places; place++)
        {
            var network = FaultProxy.BeforePostgres(world.Database.Source.ConnectionString, out var through);
            world.places.Add(new SoakPlace(network, () => world.StartApiAsync(through)));
        }

        await Task.WhenAll(world.places.Select(static place => place.StartAsync()));
        using var budget = await world.places[0].Client.PostAsJsonAsync("/api/v1/budgets", new CreateBudget("tenant:default", LimitUsd, BudgetWindow.Total), PlatformJson.Options);
        world.Budget = (await budget.Content.ReadFromJsonAsync<BudgetView>(PlatformJson.Options))!.Id;
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var place in places)
        {
            await place.DisposeAsync();
        }

        await Sessions.DisposeAsync();
        await provider.DisposeAsync();
        await model.DisposeAsync();
        await cluster.DisposeAsync();
    }

    private Task<ApiProcess> StartApiAsync(string connection) => ApiProcess.StartAsync(connection, provider.Endpoint,
    [
        .. BankTool.Environment,
        ($"Models__{Priced}__Provider", "openai"), ($"Models__{Priced}__Model", "m"), ($"Models__{Priced}__Endpoint", model.Address + "/v1"),
        ($"Models__{Priced}__InputUsdPerMillion", Text(SellingModel.InputUsdPerMillion)), ($"Models__{Priced}__OutputUsdPerMillion", Text(SellingModel.OutputUsdPerMillion)),
        ("Stores__PostgresConnect", "00:00:01"), ("Stores__PostgresAnswer", "00:00:02"), ("Sessions__QuorumSeconds", "2"),
        ("Runs__Lease", "00:00:01"), ("Runs__Poll", "00:00:00.2"), ("Runs__RetryDelay", "00:00:00.2"), ("Runs__MaxAttempts", "100"),
        ("Budgets__Heartbeat", "00:00:01"), ("Budgets__DeadAfter", "00:00:05"),
    ]);

    private static string Text(decimal usd) => usd.ToString(CultureInfo.InvariantCulture);
}
