using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IAgentStore"/> keeps to.</summary>
public abstract class AgentStoreConformance : IAsyncLifetime
{
    private IAgentStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Find_AddedAgent_GivesEveryMemberBack()
    {
        var agent = SeededAgents.Assistant with { Quality = QualityMode.Gate, Limits = new AgentLimits(3, 4, 5), Instructions = "Zeile 1\n\"Zeile\" 2 ✓" };
        Assert.True(await Store.AddIfAbsentAsync(agent, default));
        Assert.Equivalent(agent, await Store.FindAsync(agent.Tenant, agent.Name, default), strict: true);
    }

    [Fact]
    public async Task AddIfAbsent_NameThatIsTaken_ChangesNothing()
    {
        await Store.AddIfAbsentAsync(SeededAgents.Assistant, default);
        Assert.False(await Store.AddIfAbsentAsync(SeededAgents.Assistant with { Model = "other" }, default));
        Assert.Equal(SeededAgents.Assistant.Model, (await Store.FindAsync(Tenants.Default, "assistant", default))!.Model);
    }

    [Fact]
    public async Task AddIfAbsent_ManyAtOnce_AddsOne()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.AddIfAbsentAsync(SeededAgents.Assistant, default)));
        Assert.Single(added, true);
    }

    [Fact]
    public async Task List_OfOneTenant_IsByNameAndHidesOtherTenants()
    {
        foreach (var (tenant, name) in new[] { (Tenants.Default, "b"), (Tenants.Default, "a"), (Tenants.Default, "B"), (MigratedDatabase.TenantA, "c") })
        {
            await Store.AddIfAbsentAsync(SeededAgents.Assistant with { Tenant = tenant, Name = name }, default);
        }

        Assert.Equal(["B", "a", "b"], (await Store.ListAsync(Tenants.Default, default)).Select(agent => agent.Name));
        Assert.Null(await Store.FindAsync(Tenants.Default, "c", default));
        Assert.Null(await Store.FindAsync(MigratedDatabase.TenantB, "c", default));
    }

    [Fact]
    public async Task Seed_Twice_AddsTheAssistantOnce()
    {
        await SeededAgents.SeedAsync(Store, default);
        await SeededAgents.SeedAsync(Store, default);
        Assert.Equivalent(SeededAgents.Assistant, Assert.Single(await Store.ListAsync(Tenants.Default, default)), strict: true);
    }

    /// <summary>A store that knows the tenants <c>default</c>, <see cref="MigratedDatabase.TenantA"/> and <see cref="MigratedDatabase.TenantB"/>.</summary>
    protected abstract Task<IAgentStore> CreateAsync();
}

public sealed class PostgresAgentStoreTests(TestPostgres postgres) : AgentStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IAgentStore> CreateAsync() => new PostgresAgentStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime);
}
