using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.Memory.Retrieval;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>What the tools keep and find: semantic memories, proposed by words and vectors and ranked by <see cref="MemoryRanking"/>.</summary>
internal sealed class PostgresMemoryStore(RuntimeDatabase database, MemoryWriter writer, IMemoryIndex index, IMemoryEmbedding embedding) : IMemoryStore
{
    /// <summary>Statements that each of the two proposes to the ranking.</summary>
    private const int Proposals = 128;

    public async Task<string> RememberAsync(MemoryScope scope, string text, CancellationToken cancellation)
    {
        if (MemoryLimits.Problem(text) is { } problem)
        {
            throw new ArgumentException($"The text {problem}; ask MemoryLimits.Problem first.", nameof(text));
        }

        return (await writer.WriteAsync(scope, new MemoryDraft(MemoryKind.Semantic, text, MemoryTrust.Agent, new MemorySource(Tool: "remember")), cancellation)).Id;
    }

    public async Task<IReadOnlyList<RecalledMemory>> RecallAsync(MemoryScope scope, string query, int limit, CancellationToken cancellation)
    {
        var cosines = (await NearAsync(scope, query, cancellation)).ToDictionary(static memory => memory.Id, static memory => memory.Cosine, StringComparer.Ordinal);
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT id, text, at FROM agentsystem.memories
            WHERE tenant_id = $1 AND user_name = $2 AND agent = $3 AND kind = 'semantic' AND forgotten_at IS NULL
                AND id = ANY ($4::text[] || array(SELECT w.id FROM agentsystem.search_memory_words($2, $3, $5, $6) AS w))
            """,
            scope.Tenant, scope.User, scope.Agent, cosines.Keys.ToList(), WordRanking.ToTsQueries(WordRanking.Wanted(query)), Proposals);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var candidates = new List<MemoryRanking.Candidate>();
        while (await reader.ReadAsync(cancellation))
        {
            var id = reader.GetString(0);
            candidates.Add(new MemoryRanking.Candidate(id, reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), cosines.GetValueOrDefault(id)));
        }

        return MemoryRanking.Rank(query, candidates, limit);
    }

    /// <summary>Where the embedding does not answer, words alone propose.</summary>
    private async Task<IReadOnlyList<NearMemory>> NearAsync(MemoryScope scope, string query, CancellationToken cancellation)
    {
        try
        {
            return await index.NearestAsync(scope, embedding.Id, (await embedding.EmbedAsync(scope.Tenant, [query], cancellation))[0], Proposals, cancellation);
        }
        catch (MemoryEmbeddingException)
        {
            return [];
        }
    }
}
