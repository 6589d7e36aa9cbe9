using System.Text.Json;
using AgentSystem.Contracts.Memory;
using Npgsql;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>Rows as views. In every statement <c>m</c> is the memory and <c>$1</c> the tenant.</summary>
internal static class MemoryRows
{
    /// <summary>Within reach: <c>$2</c> user or null, <c>$3</c> agents or null.</summary>
    public const string InReach = "m.tenant_id = $1 AND ($2::text IS NULL OR m.user_name = $2) AND ($3::text[] IS NULL OR m.agent = ANY ($3))";

    /// <summary>The columns of a view; <paramref name="embedding"/> is the parameter with the embedding's id.</summary>
    public static string Columns(string embedding) => $"""
        m.id, m.agent, m.user_name, m.thread_id, m.kind, m.text, m.valid_from, m.valid_to, m.recorded_at, m.superseded_by, m.expires_at, m.forgotten_at IS NOT NULL, m.trust, m.version,
        m.words IS NOT NULL,
        EXISTS (SELECT FROM agentsystem.memory_vectors AS v WHERE v.tenant_id = m.tenant_id AND v.memory_id = m.id AND v.embedding = {embedding} AND v.version = m.version AND v.vector IS NOT NULL),
        coalesce((SELECT json_agg(json_build_object('name', e.name, 'type', e.type) ORDER BY e.folded) FROM agentsystem.memory_entities AS e WHERE e.tenant_id = m.tenant_id AND e.memory_id = m.id), '[]')::text,
        coalesce((SELECT json_agg(json_build_object('from', g.from_entity, 'relation', g.relation, 'to', g.to_entity) ORDER BY g.from_entity, g.to_entity) FROM agentsystem.memory_edges AS g
            WHERE g.tenant_id = m.tenant_id AND g.memory_id = m.id AND g.relation <> 'with'), '[]')::text,
        m.origin::text, m.metadata::text,
        coalesce((SELECT json_agg(json_build_object('version', h.version, 'text', h.text, 'valid_from', h.valid_from, 'valid_to', h.valid_to, 'recorded_at', h.recorded_from, 'recorded_to', h.recorded_to) ORDER BY h.version DESC)
            FROM agentsystem.memory_history AS h WHERE h.tenant_id = m.tenant_id AND h.memory_id = m.id), '[]')::text
        """;

    /// <summary>A row of <see cref="Columns"/>.</summary>
    public static MemoryView Read(NpgsqlDataReader row)
    {
        var (kind, entities) = (MemoryNames.Value<MemoryKind>(row.GetString(4)), MemoryNames.FromJson<IReadOnlyList<MemoryEntity>>(row.GetString(16)));
        var forgotten = row.GetBoolean(11);
        return new MemoryView(
            row.GetString(0), row.GetString(1), MemoryUser.Shown(row.GetString(2)), Text(row, 3), kind, row.GetString(5), row.GetFieldValue<DateTimeOffset>(6), At(row, 7),
            row.GetFieldValue<DateTimeOffset>(8), Text(row, 9), At(row, 10), forgotten, MemoryNames.Value<MemoryTrust>(row.GetString(12)), row.GetInt64(13),
            forgotten ? ["rows"] : StoredIn(kind, entities.Count > 0, row.GetBoolean(14), row.GetBoolean(15)), entities,
            MemoryNames.FromJson<IReadOnlyList<MemoryRelation>>(row.GetString(17)), MemoryNames.FromJson<MemorySource>(row.GetString(18)),
            MemoryNames.FromJson<Dictionary<string, JsonElement>>(row.GetString(19)), MemoryNames.FromJson<IReadOnlyList<MemoryVersion>>(row.GetString(20)));
    }

    /// <summary>Where a memory is.</summary>
    public static IReadOnlyList<string> StoredIn(MemoryKind kind, bool named, bool worded, bool embedded)
    {
        var places = new List<string> { "rows" };
        if (named)
        {
            places.Add("graph");
        }

        if (worded)
        {
            places.Add("lexical");
        }

        if (kind.IsEmbedded())
        {
            places.Add(embedded ? "vectors" : "vectors:queued");
        }

        return places;
    }

    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? At(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
