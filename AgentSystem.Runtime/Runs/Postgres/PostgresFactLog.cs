using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>Facts in Postgres. Appending only queues; <see cref="FactWriter"/> writes. Reading looks into the queue too, so a request is found the moment it ended.</summary>
internal sealed class PostgresFactLog(FactQueue queue, RuntimeDatabase database) : IFactLog
{
    public void Append(Fact fact) => queue.Add(new QueuedFact(Guid.CreateVersion7(fact.At), fact));

    public async Task<RequestUsage?> FindRequestAsync(string tenant, string requestId, CancellationToken cancellation)
    {
        if (queue.Find(tenant, requestId) is { } queued)
        {
            return queued;
        }

        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            "SELECT body::text FROM agentsystem.facts WHERE tenant_id = $1 AND request_id = $2 AND kind = $3 ORDER BY at DESC LIMIT 1",
            tenant, requestId, FactRows.RequestServed);
        return await select.ExecuteScalarAsync(cancellation) is string json ? FactRows.Usage(json) : null;
    }

    public async Task<IReadOnlyList<RequestUsage>> RequestsSinceAsync(string tenant, DateTimeOffset since, int limit, CancellationToken cancellation)
    {
        // First the queue, then the table: what is written in between is in both, and counted once.
        var queued = queue.Since(tenant, since).Select(static fact => fact.Usage!);
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            "SELECT body::text FROM agentsystem.facts WHERE tenant_id = $1 AND kind = $2 AND at >= $3 ORDER BY at DESC LIMIT $4",
            tenant, FactRows.RequestServed, since, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var written = new List<RequestUsage>();
        while (await reader.ReadAsync(cancellation))
        {
            written.Add(FactRows.Usage(reader.GetString(0)));
        }

        return [.. queued.Concat(written).DistinctBy(usage => usage.RequestId).OrderByDescending(usage => usage.At).Take(limit)];
    }

    public async Task<RequestFigures> FiguresSinceAsync(string tenant, DateTimeOffset since, CancellationToken cancellation)
    {
        // First the queue, then the table, as above.
        var queued = queue.Since(tenant, since);
        await using var session = await database.OpenAsync(tenant, cancellation);
        return await FactFigures.ReadAsync(session, tenant, since, queued, cancellation);
    }
}
