using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>Counts vectors and what waits for one.</summary>
internal sealed class PostgresMemoryIndexStatus(RuntimeDatabase database, IMemoryIndex index, IMemoryEmbedding embedding, MemoryTelemetry telemetry) : IMemoryIndexStatus
{
    public async Task<MemoryIndexView> LookAsync(string tenant, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT (SELECT count(*) FROM agentsystem.memory_vectors WHERE tenant_id = $1 AND embedding = $2 AND vector IS NOT NULL), count(*),
                coalesce(extract(epoch FROM clock_timestamp() - min(queued_at)), 0)::float8 FROM agentsystem.memory_outbox WHERE tenant_id = $1
            """,
            tenant, embedding.Id);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var (p50, p99) = telemetry.Lags();
        return new MemoryIndexView(embedding.Id, row.GetInt64(0), row.GetInt64(1), Math.Max(0, row.GetDouble(2)), p50, p99, index.Bytes);
    }
}
