using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Agents.Postgres;

/// <summary>Agents in Postgres: one row per agent that points at its active version, one immutable document per version.</summary>
internal sealed class PostgresAgentStore(RuntimeDatabase database) : IAgentStore
{
    private const string Active = """
        SELECT version.definition::text
        FROM agentsystem.agents AS agent
        JOIN agentsystem.agent_versions AS version
          ON version.tenant_id = agent.tenant_id AND version.name = agent.name AND version.version = agent.active_version
        WHERE agent.tenant_id = $1
        """;

    public async Task<AgentDefinition?> FindAsync(string tenant, string name, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command($"{Active} AND agent.name = $2", tenant, name);
        return await select.ExecuteScalarAsync(cancellation) is string json ? StoredJson.Read<AgentDefinition>(json) : null;
    }

    public async Task<IReadOnlyList<AgentDefinition>> ListAsync(string tenant, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command($"{Active} ORDER BY agent.name COLLATE \"C\"", tenant);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var agents = new List<AgentDefinition>();
        while (await reader.ReadAsync(cancellation))
        {
            agents.Add(StoredJson.Read<AgentDefinition>(reader.GetString(0)));
        }

        return agents;
    }

    public async Task<bool> AddIfAbsentAsync(AgentDefinition agent, CancellationToken cancellation)
    {
        var first = agent with { Version = 1 };
        await using var session = await database.OpenAsync(first.Tenant, cancellation);
        await using var insertAgent = session.Command(
            "INSERT INTO agentsystem.agents (tenant_id, name, active_version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING", first.Tenant, first.Name);
        if (await insertAgent.ExecuteNonQueryAsync(cancellation) == 0)
        {
            return false;
        }

        await using var insertVersion = session.Command(
            "INSERT INTO agentsystem.agent_versions (tenant_id, name, version, definition) VALUES ($1, $2, 1, $3)",
            first.Tenant, first.Name, StoredJson.Parameter(first));
        await insertVersion.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        return true;
    }
}
