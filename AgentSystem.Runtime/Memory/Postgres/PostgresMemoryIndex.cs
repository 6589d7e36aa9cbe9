using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>The exact index: the vectors lie in the rows, and a search compares every one of the scope. There is nothing to build and nothing that can be stale.</summary>
internal sealed class PostgresMemoryIndex(RuntimeDatabase database) : IMemoryIndex
{
    /// <summary>Statements of one scope that a search looks at, the newest; 2 KiB of vector each. How long a full scan takes has not been measured.</summary>
    private const int MaxScanned = 20_000;

    public Task AddAsync(MemoryScope scope, string id, ReadOnlyMemory<float> vector, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<NearMemory>> NearestAsync(MemoryScope scope, ReadOnlyMemory<float> query, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        // A vector that another embedding made cannot be compared: its text is embedded again.
        await using var select = session.Command(
            """
            SELECT id, vector, CASE WHEN embedding <> $4 THEN text END
            FROM agentsystem.memories
            WHERE tenant_id = $1 AND user_name = $2 AND agent = $3
            ORDER BY at DESC LIMIT $5
            """,
            scope.Tenant, scope.User, scope.Agent, HashedEmbedding.Name, MaxScanned);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var nearest = new PriorityQueue<NearMemory, float>();
        while (await reader.ReadAsync(cancellation))
        {
            var stored = reader.IsDBNull(2) ? reader.GetFieldValue<byte[]>(1) : HashedEmbedding.ToBytes(HashedEmbedding.Embed(reader.GetString(2)));
            var near = new NearMemory(reader.GetString(0), HashedEmbedding.Cosine(query.Span, stored));
            if (nearest.Count < limit)
            {
                nearest.Enqueue(near, near.Cosine);
            }
            else
            {
                nearest.EnqueueDequeue(near, near.Cosine);
            }
        }

        return [.. nearest.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
    }
}
