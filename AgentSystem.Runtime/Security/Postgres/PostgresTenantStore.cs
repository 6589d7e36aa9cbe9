using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Security.Postgres;

/// <summary>Tenants in Postgres.</summary>
internal sealed class PostgresTenantStore(RuntimeDatabase database, TimeProvider time) : ITenantStore
{
    private const string Good = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";

    public async Task<TenantView?> FindAsync(string tenant, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            $"""
            SELECT t.created_at, (SELECT count(*)::int FROM agentsystem.agents AS a WHERE a.tenant_id = $1 AND a.archived_at IS NULL),
                (SELECT count(*)::int FROM agentsystem.api_keys WHERE tenant_id = $1 AND {Good})
            FROM agentsystem.tenants AS t WHERE t.tenant_id = $1
            """,
            tenant, time.GetUtcNow());
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new TenantView(tenant, reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt32(1), reader.GetInt32(2)) : null;
    }

    public async Task<IReadOnlyList<TeamView>> TeamsAsync(string tenant, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            $"SELECT team, (count(*) FILTER (WHERE {Good}))::int FROM agentsystem.api_keys WHERE tenant_id = $1 AND team IS NOT NULL GROUP BY team ORDER BY team LIMIT 1000", tenant, time.GetUtcNow());
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var teams = new List<TeamView>();
        while (await reader.ReadAsync(cancellation))
        {
            teams.Add(new TeamView(reader.GetString(0), tenant, reader.GetInt32(1)));
        }

        return teams;
    }
}
