using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AgentSystem.Tests.Runtime.Agents.Postgres;

/// <summary>Agents of a database from before versions knew who made them.</summary>
public sealed class OlderAgentsTests(TestPostgres postgres)
{
    private const string Before = "20261122190000_FirstTables";

    [Fact]
    public async Task Migrate_AnInstallationWithAnAssistant_KeepsItAndSeedingRenewsIt()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using (var context = RuntimeDbContext.Over(source))
        {
            await context.GetService<IMigrator>().MigrateAsync(Before);
        }

        await using (var old = source.CreateCommand("""
            INSERT INTO agentsystem.agents (tenant_id, name, active_version) VALUES ('default', 'assistant', 1);
            INSERT INTO agentsystem.agent_versions (tenant_id, name, version, definition) VALUES ('default', 'assistant', 1,
                '{"tenant":"default","name":"assistant","version":1,"type":"assistant","specialization":"general","description":"Old.","model":"small","instructions":"Be old.",
                  "tools":["clock"],"limits":{"max_steps":8,"max_seconds":60,"max_output_tokens":1024},"quality":"stream"}');
            """))
        {
            await old.ExecuteNonQueryAsync();
        }

        await RuntimeSchema.MigrateRuntimeAsync(source, default);
        var store = new PostgresAgentStore(new RuntimeDatabase(source));
        var listed = Assert.Single(await store.PageAsync(new AgentQuery("default", 10), default));
        var kept = await store.GetAsync("default", "assistant", null, default);
        Assert.Equal(("assistant", 1, "Old.", "clock", 1), (listed.Name, listed.Version, listed.Description, listed.Tools.Single(), listed.LatestVersion));
        Assert.Equal(("platform", "Be old."), (kept!.CreatedBy, kept.Definition.Instructions));

        await SeededAgents.SeedAsync(store, TimeProvider.System, default);
        var renewed = await store.FindAsync("default", "assistant", default);
        Assert.Equal((2, SeededAgents.Assistant.Instructions), (renewed!.Version, renewed.Instructions));
        Assert.Equal("Be old.", (await store.GetAsync("default", "assistant", 1, default))!.Definition.Instructions);
    }
}
