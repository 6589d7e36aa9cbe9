using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.Memory.Graph;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>What makes a memory findable, written inside the transaction that writes the memory.</summary>
internal static class MemoryParts
{
    /// <summary>Longest word the lexical column holds.</summary>
    private const int LongestWord = 200;

    /// <summary>Most things of one memory between which co-mention is written: 28 pairs.</summary>
    private const int MostPaired = 8;

    /// <summary>The words of a text as the lexical column holds them.</summary>
    public static IReadOnlyList<string> Words(string text) =>
        [.. Embedded.Words.Of(text).Select(static word => word.Length > LongestWord ? word[..LongestWord] : word).Distinct(StringComparer.Ordinal)];

    /// <summary>The things a memory names: those given, those at the ends of given relations, those found in its text.</summary>
    public static IReadOnlyList<MemoryEntity> Entities(string text, IReadOnlyList<MemoryEntity> given, IReadOnlyList<MemoryRelation> relations) =>
        [.. given.Concat(relations.SelectMany(static relation => new[] { new MemoryEntity(relation.From), new MemoryEntity(relation.To) })).Concat(EntityExtractor.In(text))
            .Where(static entity => EntityExtractor.Fold(entity.Name).Length > 0)
            .DistinctBy(static entity => EntityExtractor.Fold(entity.Name), StringComparer.Ordinal)];

    /// <summary>Writes things and edges anew; the relations that were given before stay if <paramref name="relations"/> is null.</summary>
    public static async Task WriteGraphAsync(
        TenantSession session, MemoryScope scope, string id, IReadOnlyList<MemoryEntity> entities, IReadOnlyList<MemoryRelation>? relations, CancellationToken cancellation)
    {
        var folded = entities.Select(static entity => EntityExtractor.Fold(entity.Name)).ToList();
        await using var clear = session.Command(
            relations is null
                ? "DELETE FROM agentsystem.memory_edges WHERE tenant_id = $1 AND memory_id = $2 AND relation = 'with'"
                : "DELETE FROM agentsystem.memory_edges WHERE tenant_id = $1 AND memory_id = $2",
            scope.Tenant, id);
        await clear.ExecuteNonQueryAsync(cancellation);
        await using var replace = session.Command(
            """
            WITH gone AS (DELETE FROM agentsystem.memory_entities WHERE tenant_id = $1 AND memory_id = $2 AND folded <> ALL ($5))
            INSERT INTO agentsystem.memory_entities (tenant_id, memory_id, user_name, agent, folded, name, type)
            SELECT $1, $2, $3, $4, e.* FROM unnest($5::text[], $6::text[], $7::text[]) AS e ON CONFLICT DO NOTHING
            """,
            scope.Tenant, id, scope.User, scope.Agent, folded, entities.Select(static entity => entity.Name).ToList(), entities.Select(static entity => entity.Type).ToList());
        await replace.ExecuteNonQueryAsync(cancellation);
        var paired = folded.Take(MostPaired).Order(StringComparer.Ordinal).ToList();
        var edges = paired.SelectMany((one, at) => paired.Skip(at + 1).Select(other => (Source: one, Relation: "with", Target: other)))
            .Concat((relations ?? []).Select(static relation => (Source: EntityExtractor.Fold(relation.From), relation.Relation, Target: EntityExtractor.Fold(relation.To)))).Distinct().ToList();
        if (edges.Count == 0)
        {
            return;
        }

        await using var insert = session.Command(
            "INSERT INTO agentsystem.memory_edges (tenant_id, memory_id, from_entity, relation, to_entity) SELECT $1, $2, e.* FROM unnest($3::text[], $4::text[], $5::text[]) AS e ON CONFLICT DO NOTHING",
            scope.Tenant, id, edges.Select(static edge => edge.Source).ToList(), edges.Select(static edge => edge.Relation).ToList(), edges.Select(static edge => edge.Target).ToList());
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Writes a vector; an older version's does not take the place of a newer one's.</summary>
    public static async Task WriteVectorAsync(TenantSession session, IndexedVector vector, CancellationToken cancellation)
    {
        await using var upsert = session.Command(
            """
            INSERT INTO agentsystem.memory_vectors AS v (tenant_id, memory_id, embedding, user_name, agent, version, vector) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant_id, memory_id, embedding) DO UPDATE SET version = excluded.version, vector = excluded.vector, changed = pg_current_xact_id(), removed_at = NULL
            WHERE v.version <= excluded.version AND (v.version < excluded.version OR v.vector IS DISTINCT FROM excluded.vector)
            """,
            vector.Scope.Tenant, vector.Id, vector.Embedding, vector.Scope.User, vector.Scope.Agent, vector.Version, HashedEmbedding.ToBytes(vector.Vector.Span));
        await upsert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Tells the index worker of a version.</summary>
    public static async Task QueueAsync(TenantSession session, string tenant, string id, long version, CancellationToken cancellation)
    {
        await using var queue = session.Command("INSERT INTO agentsystem.memory_outbox (tenant_id, memory_id, version) VALUES ($1, $2, $3)", tenant, id, version);
        await queue.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Leaves the version that is about to change in the history.</summary>
    /// <param name="past">True where its interval is over and stays true of its time.</param>
    public static async Task KeepHistoryAsync(TenantSession session, string tenant, string id, bool past, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var keep = session.Command(
            """
            INSERT INTO agentsystem.memory_history (tenant_id, memory_id, version, text, valid_from, valid_to, recorded_from, recorded_to, past)
            SELECT tenant_id, id, version, text, valid_from, valid_to, recorded_at, $3, $4 FROM agentsystem.memories WHERE tenant_id = $1 AND id = $2
            """,
            tenant, id, now, past);
        await keep.ExecuteNonQueryAsync(cancellation);
    }
}
