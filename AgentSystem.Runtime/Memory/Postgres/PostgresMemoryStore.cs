using System.Security.Cryptography;
using System.Text;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>Statements in Postgres, found again through an <see cref="IMemoryIndex"/> and ranked by <see cref="MemoryRanking"/>.</summary>
internal sealed class PostgresMemoryStore(RuntimeDatabase database, IMemoryIndex index, TimeProvider time) : IMemoryStore
{
    /// <summary>Statements the index proposes to the ranking.</summary>
    private const int Proposals = 128;

    public async Task<string> RememberAsync(MemoryScope scope, string text, CancellationToken cancellation)
    {
        if (MemoryLimits.Problem(text) is { } problem)
        {
            throw new ArgumentException($"The text {problem}; ask MemoryLimits.Problem first.", nameof(text));
        }

        var now = time.GetUtcNow();
        var vector = HashedEmbedding.Embed(text);
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        // Saying a thing again makes it the newest word on its subject, under its first id.
        await using var upsert = session.Command(
            """
            INSERT INTO agentsystem.memories (tenant_id, user_name, agent, id, text, text_hash, embedding, vector, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (tenant_id, user_name, agent, text_hash) DO UPDATE
                SET at = excluded.at, embedding = excluded.embedding, vector = excluded.vector
            RETURNING id
            """,
            scope.Tenant, scope.User, scope.Agent, $"mem-{Guid.CreateVersion7(now):N}", text, SHA256.HashData(Encoding.UTF8.GetBytes(text)),
            HashedEmbedding.Name, HashedEmbedding.ToBytes(vector), now);
        var id = (string)(await upsert.ExecuteScalarAsync(cancellation))!;
        // Before the commit: a row that no index knows would never be found, an index entry without a row is passed over.
        await index.AddAsync(scope, id, vector, cancellation);
        await session.CommitAsync(cancellation);
        return id;
    }

    public async Task<IReadOnlyList<RecalledMemory>> RecallAsync(MemoryScope scope, string query, int limit, CancellationToken cancellation)
    {
        var near = await index.NearestAsync(scope, HashedEmbedding.Embed(query), Proposals, cancellation);
        if (near.Count == 0)
        {
            return [];
        }

        var cosines = near.ToDictionary(memory => memory.Id, memory => memory.Cosine, StringComparer.Ordinal);
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            "SELECT id, text, at FROM agentsystem.memories WHERE tenant_id = $1 AND user_name = $2 AND agent = $3 AND id = ANY ($4)",
            scope.Tenant, scope.User, scope.Agent, cosines.Keys.ToList());
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var candidates = new List<MemoryRanking.Candidate>();
        while (await reader.ReadAsync(cancellation))
        {
            var id = reader.GetString(0);
            candidates.Add(new MemoryRanking.Candidate(id, reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), cosines[id]));
        }

        return MemoryRanking.Rank(query, candidates, limit);
    }
}
