using System.Runtime.CompilerServices;
using AgentSystem.Runtime.Security.Audit.Tree;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Security.Audit.Postgres;

/// <summary>The tree in Postgres, behind functions that add and read and cannot change anything.</summary>
internal sealed class PostgresAuditTree(RuntimeDatabase database) : IAuditTree
{
    private const int PageSize = 2_000;

    // "AUDITROOT", cut to eight bytes; whoever signs holds it until its transaction ends.
    private const long AdvisoryKey = 0x41_55_44_49_54_52_4F_4F;

    public async Task<AuditRoot?> GrowAsync(Func<MerkleEdge, IReadOnlyList<AuditLeaf>, AuditGrowth> grow, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using (var take = session.Command("SELECT pg_try_advisory_xact_lock($1)", AdvisoryKey))
        {
            if (await take.ExecuteScalarAsync(cancellation) is not true)
            {
                return null;
            }
        }

        var leaves = new List<AuditLeaf>();
        await using (var select = session.Command("SELECT stream, sequence, hash FROM agentsystem.audit_unrooted($1)", most))
        await using (var reader = await select.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                leaves.Add(new AuditLeaf(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
            }
        }

        if (leaves.Count == 0)
        {
            return null;
        }

        var size = await RootsAsync(session, "SELECT * FROM agentsystem.audit_roots_before($1, $2)", long.MaxValue, 1, cancellation) is [var newest] ? newest.Size : 0;
        var edge = MerkleEdge.At(size, await NodesAsync(session, [.. MerkleEdge.Of(size)], cancellation));
        var growth = grow(edge, leaves);
        await using (var append = session.Command(
            "SELECT agentsystem.audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            size,
            Column(growth.Leaves, static leaf => leaf.Stream, NpgsqlDbType.Text),
            Column(growth.Leaves, static leaf => leaf.Sequence, NpgsqlDbType.Bigint),
            Column(growth.Leaves, static leaf => leaf.Hash, NpgsqlDbType.Bytea),
            Column(growth.Nodes, static node => (short)node.Node.Level, NpgsqlDbType.Smallint),
            Column(growth.Nodes, static node => node.Node.Place, NpgsqlDbType.Bigint),
            Column(growth.Nodes, static node => node.Hash, NpgsqlDbType.Bytea),
            growth.Root.Hash, growth.Root.At, growth.Root.Signature, growth.Root.KeyId))
        {
            await append.ExecuteNonQueryAsync(cancellation);
        }

        await session.CommitAsync(cancellation);
        return growth.Root;
    }

    public async Task<IReadOnlyList<AuditRoot>> RootsAsync(long behind, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        return await RootsAsync(session, "SELECT * FROM agentsystem.audit_roots_behind($1, $2)", behind, limit, cancellation);
    }

    public async Task<IReadOnlyList<AuditRoot>> NewestRootsAsync(long before, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        return await RootsAsync(session, "SELECT * FROM agentsystem.audit_roots_before($1, $2)", before, limit, cancellation);
    }

    public async Task<IReadOnlyDictionary<MerkleNode, byte[]>> NodesAsync(IReadOnlyCollection<MerkleNode> nodes, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        return await NodesAsync(session, nodes, cancellation);
    }

    public async Task<long?> PlaceAsync(string stream, long sequence, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT agentsystem.audit_place($1, $2)", stream, sequence);
        return await select.ExecuteScalarAsync(cancellation) as long?;
    }

    public async IAsyncEnumerable<AuditLink> ChainsAsync(string? tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tenants = tenant is null ? await TenantsAsync(cancellation) : [];
        var (stream, sequence) = ("", 0L);
        while (true)
        {
            var page = await PageAsync(tenant, tenants, stream, sequence, cancellation);
            foreach (var link in page)
            {
                yield return link;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            (stream, sequence) = (page[^1].Stream, page[^1].Sequence);
        }
    }

    private async Task<IReadOnlyList<AuditLink>> PageAsync(string? tenant, IReadOnlyList<string> tenants, string stream, long sequence, CancellationToken cancellation)
    {
        // Row security decides which bodies there are.
        await using var session = tenant is null ? await database.OpenBatchAsync(tenants, cancellation) : await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT chain.stream, chain.sequence, chain.previous, chain.hash, entry.tenant_id, entry.body, chain.place, chain.leaf
            FROM agentsystem.audit_chain($1, $2, $3) AS chain LEFT JOIN agentsystem.audit_entries AS entry ON entry.stream = chain.stream AND entry.sequence = chain.sequence
            ORDER BY chain.stream COLLATE "C", chain.sequence
            """,
            stream, sequence, PageSize);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var links = new List<AuditLink>();
        while (await reader.ReadAsync(cancellation))
        {
            links.Add(new AuditLink(
                reader.GetString(0), reader.GetInt64(1), Optional<byte[]>(reader, 2), Optional<byte[]>(reader, 3), Optional<string>(reader, 4), Optional<string>(reader, 5),
                reader.IsDBNull(6) ? null : reader.GetInt64(6), Optional<byte[]>(reader, 7)));
        }

        return links;
    }

    private async Task<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT tenant_id FROM agentsystem.audit_tenants()");
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var tenants = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            tenants.Add(reader.GetString(0));
        }

        return tenants;
    }

    private static async Task<IReadOnlyList<AuditRoot>> RootsAsync(TenantSession session, string sql, long from, int limit, CancellationToken cancellation)
    {
        var roots = new List<AuditRoot>();
        await using var select = session.Command(sql, from, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            roots.Add(new AuditRoot(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3), reader.GetString(4)));
        }

        return roots;
    }

    private static async Task<IReadOnlyDictionary<MerkleNode, byte[]>> NodesAsync(TenantSession session, IReadOnlyCollection<MerkleNode> nodes, CancellationToken cancellation)
    {
        var hashes = new Dictionary<MerkleNode, byte[]>();
        if (nodes.Count == 0)
        {
            return hashes;
        }

        await using var select = session.Command(
            "SELECT level, place, hash FROM agentsystem.audit_nodes_at($1, $2)",
            Column([.. nodes], static node => (short)node.Level, NpgsqlDbType.Smallint),
            Column([.. nodes], static node => node.Place, NpgsqlDbType.Bigint));
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            hashes[new MerkleNode(reader.GetInt16(0), reader.GetInt64(1))] = reader.GetFieldValue<byte[]>(2);
        }

        return hashes;
    }

    private static T? Optional<T>(NpgsqlDataReader row, int column)
        where T : class => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static NpgsqlParameter Column<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value, NpgsqlDbType type) =>
        new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
