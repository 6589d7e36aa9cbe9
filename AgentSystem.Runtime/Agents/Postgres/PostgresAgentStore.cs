using System.Data.Common;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Agents.Postgres;

/// <summary>Agents in Postgres: one row per agent that points at its active version and carries what a list shows of it, one immutable document per version.</summary>
internal sealed class PostgresAgentStore(RuntimeDatabase database) : IAgentStore
{
    /// <summary>A page of the list, by the index <c>agents_by_name</c>; instructions are never read.</summary>
    internal const string PageSql = $"{Page} AND archived_at IS NULL {Part}";

    /// <summary>A page of those that are put away. They are few and seldom asked for, so no index is kept for them.</summary>
    private const string ArchivedPageSql = $"{Page} AND archived_at IS NOT NULL {Part}";

    private const string Page = "SELECT summary::text, latest_version, updated_at, archived_at IS NOT NULL FROM agentsystem.agents WHERE tenant_id = $1";

    private const string Part = """
          AND name COLLATE "C" > $2
          AND ($3::text[] IS NULL OR name = ANY ($3))
          AND ($4::text IS NULL OR strpos(lower(name), lower($4)) > 0 OR strpos(type, lower($4)) > 0 OR strpos(lower(description), lower($4)) > 0)
        ORDER BY name COLLATE "C" LIMIT $5
        """;

    /// <summary>The look-up of every request, by both primary keys.</summary>
    internal const string FindSql = """
        SELECT version.definition::text
        FROM agentsystem.agents AS agent
        JOIN agentsystem.agent_versions AS version
          ON version.tenant_id = agent.tenant_id AND version.name = agent.name AND version.version = agent.active_version
        WHERE agent.tenant_id = $1 AND agent.name = $2 AND agent.archived_at IS NULL
        """;

    private const string Version = """
        SELECT version.definition::text, agent.active_version, agent.latest_version, agent.archived_at IS NOT NULL, version.created_at, version.created_by
        FROM agentsystem.agents AS agent
        JOIN agentsystem.agent_versions AS version ON version.tenant_id = agent.tenant_id AND version.name = agent.name
        WHERE agent.tenant_id = $1 AND agent.name = $2
        """;

    public async Task<AgentDefinition?> FindAsync(string tenant, string name, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(FindSql, tenant, name);
        return await select.ExecuteScalarAsync(cancellation) is string json ? StoredJson.Read<AgentDefinition>(json) : null;
    }

    public async Task<IReadOnlyList<NamedAgent>> NamesAsync(string tenant, IReadOnlyList<string>? among, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT agent.name, first.created_at
            FROM agentsystem.agents AS agent
            JOIN agentsystem.agent_versions AS first ON first.tenant_id = agent.tenant_id AND first.name = agent.name AND first.version = 1
            WHERE agent.tenant_id = $1 AND agent.archived_at IS NULL AND ($2::text[] IS NULL OR agent.name = ANY ($2))
            ORDER BY agent.name COLLATE "C"
            """, tenant, among);
        return await ReadAsync(select, static row => new NamedAgent(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)), cancellation);
    }

    public async Task<IReadOnlyList<AgentView>> PageAsync(AgentQuery query, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(query.Tenant, cancellation);
        await using var select = session.Command(query.Archived ? ArchivedPageSql : PageSql, query.Tenant, query.After ?? "", query.Among, query.Text, query.Limit);
        return await ReadAsync(
            select,
            static row => StoredJson.Read<AgentView>(row.GetString(0)) with { LatestVersion = row.GetInt32(1), UpdatedAt = row.GetFieldValue<DateTimeOffset>(2), Archived = row.GetBoolean(3) },
            cancellation);
    }

    public async Task<AgentState?> StateAsync(string tenant, string name, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        return await new AgentWriter(session, tenant, name).StateAsync(cancellation);
    }

    public async Task<AgentRecord?> GetAsync(string tenant, string name, int? version, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command($"{Version} AND version.version = COALESCE($3::int, agent.active_version)", tenant, name, version);
        return (await ReadAsync(select, Record, cancellation)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<AgentRecord>> VersionsAsync(string tenant, string name, int before, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command($"{Version} AND version.version < $3 ORDER BY version.version DESC LIMIT $4", tenant, name, before, limit);
        return await ReadAsync(select, Record, cancellation);
    }

    public Task<AgentWrite> CreateAsync(NewVersion first, AgentQuota quota, CancellationToken cancellation) =>
        ChangeAsync(first.Definition.Tenant, first.Definition.Name, writer => writer.CreateAsync(first, quota, cancellation), cancellation);

    public Task<AgentWrite> AppendAsync(NewVersion next, bool activate, VersionMatch? match, AgentQuota quota, CancellationToken cancellation) =>
        ChangeAsync(next.Definition.Tenant, next.Definition.Name, writer => writer.AppendAsync(next, activate, match, quota, cancellation), cancellation);

    public Task<AgentWrite> ActivateAsync(string tenant, string name, int version, VersionMatch? match, AgentQuota quota, CancellationToken cancellation) =>
        ChangeAsync(tenant, name, writer => writer.ActivateAsync(version, match, quota, cancellation), cancellation);

    public Task<AgentWrite> ArchiveAsync(string tenant, string name, VersionMatch? match, DateTimeOffset at, CancellationToken cancellation) =>
        ChangeAsync(tenant, name, writer => writer.ArchiveAsync(match, at, cancellation), cancellation);

    public async Task<bool> SeedAsync(AgentDefinition agent, DateTimeOffset at, CancellationToken cancellation) =>
        (await ChangeAsync(agent.Tenant, agent.Name, writer => writer.SeedAsync(new NewVersion(agent, at, AgentRecord.Platform, Seeded: true), cancellation), cancellation)).Status == AgentWriteStatus.Done;

    private async Task<AgentWrite> ChangeAsync(string tenant, string name, Func<AgentWriter, Task<AgentWrite>> change, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        var writer = new AgentWriter(session, tenant, name);
        await writer.LockAsync(cancellation);
        var write = await change(writer);
        if (write.Status == AgentWriteStatus.Done)
        {
            await session.CommitAsync(cancellation);
        }

        return write;
    }

    private static AgentRecord Record(DbDataReader row) => new(
        StoredJson.Read<AgentDefinition>(row.GetString(0)), new AgentState(row.GetInt32(1), row.GetInt32(2), row.GetBoolean(3)), row.GetFieldValue<DateTimeOffset>(4), row.GetString(5));

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(DbCommand select, Func<DbDataReader, T> read, CancellationToken cancellation)
    {
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
