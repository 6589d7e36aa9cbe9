using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Graph;
using AgentSystem.Runtime.Memory.Retrieval;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>The rows of a search, each statement within the question's scope, kinds and times.</summary>
internal sealed class PostgresMemoryFinder(RuntimeDatabase database, TimeProvider time) : IMemoryFinder
{
    private const int MostAround = 300;
    private const int MostThings = 100;

    // $1 tenant, $2 user, $3 agent, $4 kinds, $5 thread, $6 as of, $7 known at, $8 from, $9 to, $10 now.
    // v is the memory as it was known at $7: its row, or the version of then.
    private static readonly string Asked = $"""
        FROM agentsystem.memories AS m CROSS JOIN LATERAL (
            SELECT m.text, m.valid_from, m.valid_to WHERE $7::timestamptz IS NULL OR m.recorded_at <= $7
            UNION ALL
            SELECT h.text, h.valid_from, h.valid_to FROM agentsystem.memory_history AS h
            WHERE $7 IS NOT NULL AND h.tenant_id = m.tenant_id AND h.memory_id = m.id AND h.recorded_from <= $7 AND h.recorded_to > $7
            LIMIT 1) AS v
        WHERE m.tenant_id = $1 AND m.user_name = $2 AND m.agent = $3 AND m.forgotten_at IS NULL AND (m.expires_at IS NULL OR m.expires_at > $10)
            AND ((m.kind = ANY ($4) AND (m.kind <> 'working' OR $5::text IS NULL OR m.thread_id = $5)) OR (m.kind = 'working' AND m.thread_id = $5))
            AND ($6::timestamptz IS NULL OR (v.valid_from <= $6 AND (v.valid_to IS NULL OR v.valid_to > $6)) OR ($7 IS NULL AND {PostgresMemoryRecords.IsSoAt("$6")}))
            AND CASE WHEN $8::timestamptz IS NULL AND $9::timestamptz IS NULL
                THEN $6 IS NOT NULL OR ((m.kind = 'episodic' OR v.valid_from <= coalesce($7, $10)) AND (v.valid_to IS NULL OR v.valid_to > coalesce($7, $10)))
                ELSE ($9 IS NULL OR v.valid_from < $9) AND ($8 IS NULL OR CASE WHEN m.kind = 'episodic' THEN v.valid_from >= $8 ELSE v.valid_to IS NULL OR v.valid_to > $8 END) END
        """;

    private const string Columns = "SELECT m.id, v.text, m.kind, v.valid_from, v.valid_to, m.at ";

    public async Task<IReadOnlyList<FoundMemory>> ByIdsAsync(MemoryQuestion question, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        await using var session = await database.OpenAsync(question.Scope.Tenant, cancellation);
        await using var select = session.Command($"{Columns}{Asked} AND m.id = ANY ($11)", [.. Values(question), ids.ToList()]);
        return await ReadAsync(select, cancellation);
    }

    public async Task<IReadOnlyList<FoundMemory>> ByWordsAsync(MemoryQuestion question, IReadOnlyList<string> wanted, int most, CancellationToken cancellation)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        await using var session = await database.OpenAsync(question.Scope.Tenant, cancellation);
        await using var select = session.Command(
            $"{Columns}{Asked} AND m.id = ANY (array(SELECT w.id FROM agentsystem.search_memory_words($2, $3, $11::tsquery, $12) AS w))",
            [.. Values(question), WordRanking.ToTsQuery(wanted), most]);
        return await ReadAsync(select, cancellation);
    }

    public async Task<IReadOnlyList<FoundMemory>> NewestAsync(MemoryQuestion question, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(question.Scope.Tenant, cancellation);
        await using var select = session.Command($"{Columns}{Asked} ORDER BY v.valid_from DESC, m.id DESC LIMIT $11", [.. Values(question), most]);
        return await ReadAsync(select, cancellation);
    }

    public async Task<IReadOnlyList<string>> KnownAsync(MemoryScope scope, IReadOnlyCollection<string> folded, CancellationToken cancellation)
    {
        if (folded.Count == 0)
        {
            return [];
        }

        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            "SELECT DISTINCT folded FROM agentsystem.memory_entities WHERE tenant_id = $1 AND user_name = $2 AND agent = $3 AND folded = ANY ($4)", scope.Tenant, scope.User, scope.Agent, folded.ToList());
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var known = new List<string>();
        while (await row.ReadAsync(cancellation))
        {
            known.Add(row.GetString(0));
        }

        return known;
    }

    public async Task<IReadOnlyList<Mention>> NamedByAsync(MemoryScope scope, IReadOnlyCollection<string> memories, CancellationToken cancellation)
    {
        if (memories.Count == 0)
        {
            return [];
        }

        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        return await NamedByAsync(session, scope, memories, cancellation);
    }

    public async Task<(IReadOnlyList<FoundMemory> Memories, IReadOnlyList<Mention> Mentions)> AroundAsync(
        MemoryQuestion question, IReadOnlyCollection<string> things, int hops, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(question.Scope.Tenant, cancellation);
        var (memories, mentions) = (new Dictionary<string, FoundMemory>(StringComparer.Ordinal), new List<Mention>());
        var (frontier, seen) = (things.ToList(), things.ToHashSet(StringComparer.Ordinal));
        for (var hop = 0; hop < hops && frontier.Count > 0; hop++)
        {
            await using var select = session.Command(
                $"""
                {Columns}{Asked} AND m.id IN (
                    SELECT e.memory_id FROM agentsystem.memory_entities AS e WHERE e.tenant_id = $1 AND e.user_name = $2 AND e.agent = $3 AND e.folded = ANY ($11) AND e.memory_id <> ALL ($12))
                ORDER BY m.at DESC LIMIT {MostAround}
                """,
                [.. Values(question), frontier, memories.Keys.ToList()]);
            var reached = await ReadAsync(select, cancellation);
            foreach (var memory in reached)
            {
                memories[memory.Id] = memory;
            }

            var named = reached.Count == 0 ? [] : await NamedByAsync(session, question.Scope, [.. reached.Select(static one => one.Id)], cancellation);
            mentions.AddRange(named);
            frontier = [.. named.Select(static mention => mention.Entity).Distinct(StringComparer.Ordinal).Where(seen.Add).Take(MostThings)];
        }

        return ([.. memories.Values], mentions);
    }

    private static async Task<IReadOnlyList<Mention>> NamedByAsync(TenantSession session, MemoryScope scope, IReadOnlyCollection<string> memories, CancellationToken cancellation)
    {
        await using var select = session.Command(
            "SELECT memory_id, folded FROM agentsystem.memory_entities WHERE tenant_id = $1 AND memory_id = ANY ($2) AND user_name = $3 AND agent = $4 ORDER BY 1, 2",
            scope.Tenant, memories.ToList(), scope.User, scope.Agent);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var mentions = new List<Mention>();
        while (await row.ReadAsync(cancellation))
        {
            mentions.Add(new Mention(row.GetString(0), row.GetString(1)));
        }

        return mentions;
    }

    private IReadOnlyList<object?> Values(MemoryQuestion question) =>
    [
        question.Scope.Tenant, question.Scope.User, question.Scope.Agent,
        (question.Kinds ?? [MemoryKind.Episodic, MemoryKind.Semantic, MemoryKind.Procedural]).Select(static kind => MemoryNames.Word(kind)).ToList(),
        question.ThreadId, question.AsOf, question.KnownAt, question.From, question.To, time.GetUtcNow(),
    ];

    private static async Task<IReadOnlyList<FoundMemory>> ReadAsync(NpgsqlCommand select, CancellationToken cancellation)
    {
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var found = new List<FoundMemory>();
        while (await row.ReadAsync(cancellation))
        {
            found.Add(new FoundMemory(
                row.GetString(0), row.GetString(1), MemoryNames.Value<MemoryKind>(row.GetString(2)), row.GetFieldValue<DateTimeOffset>(3), MemoryRows.At(row, 4), row.GetFieldValue<DateTimeOffset>(5)));
        }

        return found;
    }
}
