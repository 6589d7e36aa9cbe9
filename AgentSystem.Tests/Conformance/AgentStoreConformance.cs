using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IAgentStore"/> keeps to.</summary>
public abstract class AgentStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly AgentQuota Plenty = new(100, 10);

    private IAgentStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Get_KeptAgent_GivesEveryMemberBack()
    {
        var agent = Agent("whole") with
        {
            Quality = QualityMode.Gate, Limits = new AgentLimits(3, 4, 5), Instructions = "Zeile 1\n\"Zeile\" 2 ✓", Fallbacks = ["b", "c"],
            Memory = new JsonObject { ["window"] = 5, ["nothing"] = null }, Planning = [], Security = new JsonObject { ["level"] = "high" },
            Scaling = new AgentScaling(0, 5, 2, true), Resources = new AgentResources("500m", "2", "1Gi", "2Gi", "0", "1"), ContainerImage = "agents/whole:1",
        };
        Assert.Equal(new AgentState(1, 1, false), (await CreateAsync(agent)).State);

        Assert.Equal(Json(agent), Json(await Store.FindAsync(agent.Tenant, agent.Name, default)));
        var kept = await Store.GetAsync(agent.Tenant, agent.Name, 1, default);
        Assert.Equal((Json(agent), Noon, "a key"), (Json(kept!.Definition), kept.CreatedAt, kept.CreatedBy));
    }

    [Fact]
    public async Task Create_NameThatIsTaken_ChangesNothing()
    {
        await CreateAsync(Agent("a"));
        Assert.Equal(AgentWriteStatus.Taken, (await CreateAsync(Agent("a") with { Model = "other" })).Status);
        Assert.Equal("small", (await Store.FindAsync(Tenants.Default, "a", default))!.Model);
    }

    [Fact]
    public async Task Create_ManyAtOnce_KeepsOne()
    {
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync(Agent("a"))));
        Assert.Equal(1, writes.Count(write => write.Status == AgentWriteStatus.Done));
        Assert.Equal(7, writes.Count(write => write.Status == AgentWriteStatus.Taken));
    }

    [Fact]
    public async Task Create_BeyondTheQuota_SaysWhich()
    {
        await CreateAsync(Agent("a"));
        Assert.Equal(AgentWriteStatus.TooManyAgents, (await Store.CreateAsync(Version(Agent("b")), new AgentQuota(1, 10), default)).Status);

        var types = await Store.CreateAsync(Version(Agent("b") with { Type = "new" }), new AgentQuota(10, 1), default);
        Assert.Equal(AgentWriteStatus.TooManyTypes, types.Status);
        Assert.Equal(["general"], types.Types!);
        Assert.Equal(AgentWriteStatus.Done, (await Store.CreateAsync(Version(Agent("b")), new AgentQuota(2, 1), default)).Status);
    }

    [Fact]
    public async Task Create_ManyAtOnceAtTheQuota_NeverExceedsIt()
    {
        var writes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Store.CreateAsync(Version(Agent($"a{i}") with { Type = $"t{i}" }), new AgentQuota(8, 5), default)));
        Assert.Equal(5, writes.Count(write => write.Status == AgentWriteStatus.Done));
        Assert.Equal(5, (await Store.NamesAsync(Tenants.Default, null, default)).Count);
    }

    [Fact]
    public async Task Append_NewVersion_AnswersUnlessItShallNot()
    {
        await CreateAsync(Agent("a"));
        Assert.Equal(new AgentState(2, 2, false), (await AppendAsync(Agent("a") with { Model = "second" })).State);
        Assert.Equal(new AgentState(2, 3, false), (await AppendAsync(Agent("a") with { Model = "third" }, activate: false)).State);

        Assert.Equal(("second", 2), (await Store.FindAsync(Tenants.Default, "a", default)) is { } active ? (active.Model, active.Version) : default);
        Assert.Equal([3, 2, 1], (await Store.VersionsAsync(Tenants.Default, "a", int.MaxValue, 10, default)).Select(version => version.Definition.Version));
        Assert.Equal([2], (await Store.VersionsAsync(Tenants.Default, "a", 3, 1, default)).Select(version => version.Definition.Version));
        Assert.Equal("small", (await Store.GetAsync(Tenants.Default, "a", 1, default))!.Definition.Model);
        Assert.Equal(AgentWriteStatus.Missing, (await AppendAsync(Agent("nobody"))).Status);
    }

    [Fact]
    public async Task Append_ManyAtOnceOnTheSameState_KeepsOne()
    {
        await CreateAsync(Agent("a"));
        var seen = new VersionMatch([new AgentState(1, 1, false).Tag]);
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AppendAsync(Agent("a") with { Model = $"m{i}" }, activate: i % 2 == 0, seen)));

        Assert.Equal(1, writes.Count(write => write.Status == AgentWriteStatus.Done));
        Assert.All(writes.Where(write => write.Status != AgentWriteStatus.Done), write => Assert.Equal((AgentWriteStatus.Conflict, 2), (write.Status, write.State!.Latest)));
        Assert.Equal(2, (await Store.VersionsAsync(Tenants.Default, "a", int.MaxValue, 10, default)).Count);
    }

    [Fact]
    public async Task Append_ManyAtOnceWithoutAState_LosesNone()
    {
        await CreateAsync(Agent("a"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AppendAsync(Agent("a") with { Model = $"m{i}" })));
        var versions = await Store.VersionsAsync(Tenants.Default, "a", int.MaxValue, 10, default);

        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], versions.Select(version => version.Definition.Version));
        Assert.Equal(9, versions.Select(version => version.Definition.Model).Distinct().Count());
        Assert.Equal(versions[0].Definition.Model, (await Store.FindAsync(Tenants.Default, "a", default))!.Model);
    }

    [Fact]
    public async Task Activate_AnOlderAndANewerVersion_MovesWhatAnswersAndWhatIsListed()
    {
        await CreateAsync(Agent("a") with { Description = "first" });
        await AppendAsync(Agent("a") with { Description = "second" });

        Assert.Equal(new AgentState(1, 2, false), (await Store.ActivateAsync(Tenants.Default, "a", 1, null, Plenty, default)).State);
        var listed = Assert.Single(await Store.PageAsync(new AgentQuery(Tenants.Default, 10), default));
        Assert.Equal((1, "first", 2), (listed.Version, listed.Description, listed.LatestVersion));
        Assert.Equal(new AgentState(2, 2, false), (await Store.ActivateAsync(Tenants.Default, "a", 2, null, Plenty, default)).State);
        Assert.Equal(AgentWriteStatus.NoSuchVersion, (await Store.ActivateAsync(Tenants.Default, "a", 3, null, Plenty, default)).Status);
        Assert.Equal(AgentWriteStatus.NoSuchVersion, (await Store.ActivateAsync(Tenants.Default, "a", 0, null, Plenty, default)).Status);
        Assert.Equal(AgentWriteStatus.Conflict, (await Store.ActivateAsync(Tenants.Default, "a", 1, new VersionMatch(["\"v1-2\""]), Plenty, default)).Status);
    }

    [Fact]
    public async Task Archive_AnAgent_HidesItAndKeepsItsVersionsUntilOneIsActivated()
    {
        await CreateAsync(Agent("a"));
        Assert.Equal(new AgentState(1, 1, true), (await Store.ArchiveAsync(Tenants.Default, "a", null, Noon, default)).State);

        Assert.Null(await Store.FindAsync(Tenants.Default, "a", default));
        Assert.Empty(await Store.NamesAsync(Tenants.Default, null, default));
        Assert.Empty(await Store.PageAsync(new AgentQuery(Tenants.Default, 10), default));
        Assert.Single(await Store.VersionsAsync(Tenants.Default, "a", int.MaxValue, 10, default));
        Assert.Equal(new AgentState(1, 1, true), await Store.StateAsync(Tenants.Default, "a", default));
        Assert.Equal(AgentWriteStatus.Taken, (await CreateAsync(Agent("a"))).Status);
        Assert.Equal(AgentWriteStatus.Archived, (await AppendAsync(Agent("a"))).Status);
        Assert.Equal(AgentWriteStatus.Archived, (await Store.ArchiveAsync(Tenants.Default, "a", null, Noon, default)).Status);
        Assert.Equal(AgentWriteStatus.Conflict, (await Store.ActivateAsync(Tenants.Default, "a", 1, new VersionMatch(["\"v1-1\""]), Plenty, default)).Status);

        await CreateAsync(Agent("b"));
        Assert.Equal(AgentWriteStatus.TooManyAgents, (await Store.ActivateAsync(Tenants.Default, "a", 1, null, new AgentQuota(1, 10), default)).Status);
        Assert.Equal(AgentWriteStatus.Done, (await Store.ActivateAsync(Tenants.Default, "a", 1, null, Plenty, default)).Status);
        Assert.NotNull(await Store.FindAsync(Tenants.Default, "a", default));
    }

    [Fact]
    public async Task Page_OfOneTenant_IsByNameAndHidesOtherTenants()
    {
        foreach (var (tenant, name) in new[] { (Tenants.Default, "b"), (Tenants.Default, "a"), (Tenants.Default, "a-b"), (Tenants.Default, "a.b"), (MigratedDatabase.TenantA, "c") })
        {
            await CreateAsync(Agent(name) with { Tenant = tenant, Description = $"About {name}, 100%" });
        }

        Assert.Equal(["a", "a-b", "a.b", "b"], await PageAsync(new AgentQuery(Tenants.Default, 10)));
        Assert.Equal(["a-b", "a.b"], await PageAsync(new AgentQuery(Tenants.Default, 2, After: "a")));
        Assert.Empty(await PageAsync(new AgentQuery(Tenants.Default, 2, After: "z")));
        Assert.Equal(["a-b"], await PageAsync(new AgentQuery(Tenants.Default, 10, Text: "ABOUT A-B")));
        Assert.Equal(["a", "a-b", "a.b", "b"], await PageAsync(new AgentQuery(Tenants.Default, 10, Text: "0%")));
        Assert.Empty(await PageAsync(new AgentQuery(Tenants.Default, 10, Text: "%about%")));
        Assert.Equal(["a.b", "b"], await PageAsync(new AgentQuery(Tenants.Default, 10, Among: ["b", "a.b", "c"])));
        Assert.Equal([("a", Noon), ("b", Noon)], (await Store.NamesAsync(Tenants.Default, ["a", "b"], default)).Select(agent => (agent.Name, agent.CreatedAt)));
        Assert.Null(await Store.FindAsync(Tenants.Default, "c", default));
        Assert.Null(await Store.StateAsync(MigratedDatabase.TenantB, "c", default));
        Assert.Null(await Store.GetAsync(MigratedDatabase.TenantB, "c", null, default));
        Assert.Equal(AgentWriteStatus.Missing, (await Store.ArchiveAsync(MigratedDatabase.TenantB, "c", null, Noon, default)).Status);
    }

    [Fact]
    public async Task Seed_ManyAtOnceAndAgain_AddsEachOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SeededAgents.SeedAsync(Store, TimeProvider.System, default)));
        await SeededAgents.SeedAsync(Store, TimeProvider.System, default);

        Assert.Equal(["analyst", "assistant", "concierge"], (await Store.NamesAsync(Tenants.Default, null, default)).Select(agent => agent.Name));
        var kept = await Store.GetAsync(Tenants.Default, "assistant", null, default);
        Assert.Equal((Json(SeededAgents.Assistant), 1, "platform"), (Json(kept!.Definition), kept.State.Latest, kept.CreatedBy));
    }

    [Fact]
    public async Task Seed_WithANewDefinition_RenewsWhatOnlyThePlatformMade()
    {
        var old = SeededAgents.Assistant with { Instructions = "older" };
        Assert.True(await Store.SeedAsync(old, Noon, default));
        Assert.True(await Store.SeedAsync(SeededAgents.Assistant, Noon, default));
        Assert.Equal((2, SeededAgents.Assistant.Instructions), (await Store.FindAsync(Tenants.Default, "assistant", default)) is { } now ? (now.Version, now.Instructions) : default);

        // An older build that starts beside the new one.
        Assert.False(await Store.SeedAsync(old, Noon, default));
        Assert.Equal(2, (await Store.StateAsync(Tenants.Default, "assistant", default))!.Latest);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("roll back")]
    [InlineData("archive")]
    public async Task Seed_OverWhatAPersonDid_ChangesNothing(string act)
    {
        await Store.SeedAsync(SeededAgents.Assistant with { Instructions = "oldest" }, Noon, default);
        await Store.SeedAsync(SeededAgents.Assistant with { Instructions = "older" }, Noon, default);
        _ = act switch
        {
            "append" => await AppendAsync(SeededAgents.Assistant with { Instructions = "mine" }),
            "roll back" => await Store.ActivateAsync(Tenants.Default, "assistant", 1, null, Plenty, default),
            _ => await Store.ArchiveAsync(Tenants.Default, "assistant", null, Noon, default),
        };
        var before = await Store.StateAsync(Tenants.Default, "assistant", default);

        Assert.False(await Store.SeedAsync(SeededAgents.Assistant, Noon, default));
        Assert.Equal(before, await Store.StateAsync(Tenants.Default, "assistant", default));
    }

    /// <summary>A store that knows the tenants <c>default</c>, <see cref="MigratedDatabase.TenantA"/> and <see cref="MigratedDatabase.TenantB"/>.</summary>
    protected abstract Task<IAgentStore> CreateAsync();

    internal static AgentDefinition Agent(string name) =>
        new(Tenants.Default, name, 1, "general", "general", "", "small", "Be good.", ["clock"], new AgentLimits(), QualityMode.Stream);

    internal static NewVersion Version(AgentDefinition agent) => new(agent, Noon, "a key");

    private Task<AgentWrite> CreateAsync(AgentDefinition agent) => Store.CreateAsync(Version(agent), Plenty, default);

    private Task<AgentWrite> AppendAsync(AgentDefinition agent, bool activate = true, VersionMatch? match = null) => Store.AppendAsync(Version(agent), activate, match, Plenty, default);

    private async Task<IEnumerable<string>> PageAsync(AgentQuery query) => (await Store.PageAsync(query, default)).Select(agent => agent.Name);

    private static string Json(AgentDefinition? agent) => JsonSerializer.Serialize(agent, PlatformJson.Options);
}

public sealed class PostgresAgentStoreTests(TestPostgres postgres) : AgentStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IAgentStore> CreateAsync() => new PostgresAgentStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime);
}
