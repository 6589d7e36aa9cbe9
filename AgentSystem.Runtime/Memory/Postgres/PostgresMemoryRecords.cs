using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>Memories in Postgres.</summary>
internal sealed class PostgresMemoryRecords(RuntimeDatabase database, MemoryWriter writer, MemoryChanger changer, IMemoryEmbedding embedding) : IMemoryRecords
{
    /// <summary>True at <c>{0}</c>: now by the row, or by an interval that was over when it became true again.</summary>
    internal static string IsSoAt(string moment) => $"""
        ((m.valid_from <= {moment} AND (m.valid_to IS NULL OR m.valid_to > {moment}))
            OR EXISTS (SELECT FROM agentsystem.memory_history AS p WHERE p.tenant_id = m.tenant_id AND p.memory_id = m.id AND p.past AND p.valid_from <= {moment} AND p.valid_to > {moment}))
        """;

    public Task<MemoryStored> WriteAsync(MemoryScope scope, MemoryDraft draft, CancellationToken cancellation) => writer.WriteAsync(scope, draft, cancellation);

    public Task<MemoryVerdict> ChangeAsync(MemoryReach reach, string id, MemoryChange change, long? expected, CancellationToken cancellation) => changer.ChangeAsync(reach, id, change, expected, cancellation);

    public Task<bool> ForgetAsync(MemoryReach reach, string id, CancellationToken cancellation) => changer.ForgetAsync(reach, id, cancellation);

    public async Task<MemoryView?> FindAsync(MemoryReach reach, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(reach.Tenant, cancellation);
        await using var find = session.Command(
            $"SELECT {MemoryRows.Columns("$4")} FROM agentsystem.memories AS m WHERE {MemoryRows.InReach} AND m.id = $5", reach.Tenant, reach.User, MemoryChanger.Agents(reach), embedding.Id, id);
        await using var row = await find.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? MemoryRows.Read(row) : null;
    }

    public async Task<IReadOnlyList<MemoryView>> ListAsync(MemoryReach reach, MemoryFilter filter, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(reach.Tenant, cancellation);
        await using var list = session.Command(
            $"""
            SELECT {MemoryRows.Columns("$4")} FROM agentsystem.memories AS m
            WHERE {MemoryRows.InReach} AND m.forgotten_at IS NULL AND ($5::text IS NULL OR m.agent = $5) AND ($6::text IS NULL OR m.user_name = $6) AND ($7::text IS NULL OR m.kind = $7)
                AND ($8::text IS NULL OR m.thread_id = $8) AND ($9::timestamptz IS NULL OR {IsSoAt("$9")}) AND ($10::text IS NULL OR m.id < $10)
            ORDER BY m.id DESC LIMIT $11
            """,
            reach.Tenant, reach.User, MemoryChanger.Agents(reach), embedding.Id, filter.Agent, filter.User, filter.Kind is { } kind ? MemoryNames.Word(kind) : null, filter.ThreadId, filter.AsOf, filter.After, filter.Limit);
        await using var row = await list.ExecuteReaderAsync(cancellation);
        var views = new List<MemoryView>();
        while (await row.ReadAsync(cancellation))
        {
            views.Add(MemoryRows.Read(row));
        }

        return views;
    }

    public async Task<MemoryGraph> GraphAsync(MemoryScope scope, DateTimeOffset asOf, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        var nodes = new List<MemoryNode>();
        await using (var select = session.Command(
            $"""
            SELECT e.folded, min(e.name), min(e.type), count(*)::int FROM agentsystem.memory_entities AS e JOIN agentsystem.memories AS m ON m.tenant_id = e.tenant_id AND m.id = e.memory_id
            WHERE e.tenant_id = $1 AND e.user_name = $2 AND e.agent = $3 AND m.forgotten_at IS NULL AND {IsSoAt("$4")} GROUP BY 1 ORDER BY 4 DESC, 1 LIMIT $5
            """,
            scope.Tenant, scope.User, scope.Agent, asOf, most))
        {
            await using var row = await select.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                nodes.Add(new MemoryNode(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3)));
            }
        }

        await using var edges = session.Command(
            $"""
            SELECT g.from_entity, g.relation, g.to_entity, count(*)::int FROM agentsystem.memory_edges AS g JOIN agentsystem.memories AS m ON m.tenant_id = g.tenant_id AND m.id = g.memory_id
            WHERE m.tenant_id = $1 AND m.user_name = $2 AND m.agent = $3 AND m.forgotten_at IS NULL AND g.from_entity = ANY ($5) AND g.to_entity = ANY ($5) AND {IsSoAt("$4")}
            GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT 500
            """,
            scope.Tenant, scope.User, scope.Agent, asOf, nodes.Select(static node => node.Id).ToList());
        await using var edge = await edges.ExecuteReaderAsync(cancellation);
        var links = new List<MemoryLink>();
        while (await edge.ReadAsync(cancellation))
        {
            links.Add(new MemoryLink(edge.GetString(0), edge.GetString(1), edge.GetString(2), edge.GetInt32(3)));
        }

        return new MemoryGraph(nodes, links);
    }
}
