using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Security.Sealing.Postgres;

/// <summary>Root secrets in Postgres. They are the platform's, so their rows stand in tenant <c>default</c>.</summary>
internal sealed class PostgresRootStore(RuntimeDatabase database) : IRootStore
{
    private const string Platform = "default";

    public async Task<IReadOnlyList<RootRow>> ChangeAsync(Func<IReadOnlyList<RootRow>, IReadOnlyList<RootRow>> add, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(Platform, cancellation);
        await using var alone = session.Command("SELECT pg_advisory_xact_lock(hashtextextended('agentsystem.root_secrets', 0))");
        await alone.ExecuteNonQueryAsync(cancellation);
        var known = await ReadAsync(session, cancellation);
        var added = add(known);
        foreach (var row in added)
        {
            await using var insert = session.Command("INSERT INTO agentsystem.root_secrets (tenant_id, root_id, generation, kept, created_at) VALUES ($1, $2, $3, $4, clock_timestamp())", Platform, row.Root, row.Generation, row.Kept);
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        await session.CommitAsync(cancellation);
        return [.. known, .. added];
    }

    public async Task ForgetOthersAsync(string root, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(Platform, cancellation);
        await using var delete = session.Command("DELETE FROM agentsystem.root_secrets WHERE tenant_id = $1 AND root_id <> $2", Platform, root);
        await delete.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    private static async Task<List<RootRow>> ReadAsync(TenantSession session, CancellationToken cancellation)
    {
        await using var select = session.Command("SELECT root_id, generation, kept FROM agentsystem.root_secrets WHERE tenant_id = $1 ORDER BY generation", Platform);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var rows = new List<RootRow>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new RootRow(reader.GetString(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2)));
        }

        return rows;
    }
}
