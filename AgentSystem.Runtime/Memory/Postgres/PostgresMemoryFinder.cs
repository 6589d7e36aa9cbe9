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

    /// <summary>Of what names one thing, the newest.</summary>
    private const int MostOfAThing = 100;

    public async Task<IReadOnlyList<FoundMemory>> ByIdsAsync(MemoryQuestion question, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        await using var session = await database.OpenAsync(question.Scope.Tenant, cancellation);
        var asked = new AskedRows(question, time.GetUtcNow());
        return await ReadAsync(session.Command($"{asked} AND m.id = ANY ({asked.Value(ids.ToList())})", asked.Values), cancellation);
    }

    public async Task<IReadOnlyList<FoundMemory>> ByWordsAsync(MemoryQuestion question, IReadOnlyList<string> wanted, int most, CancellationToken cancellation)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        await using var session = await database.OpenAsync(question.Scope.Tenant, cancellation);
        var asked = new AskedRows(question, time.GetUtcNow());
        var words = $"agentsystem.search_memory_words($2, $3, {asked.Value(WordRanking.ToTsQueries(wanted))}, {asked.Value(most)})";
        return await ReadAsync(session.Command($"{asked} AND m.id = ANY (array(SELECT w.id FROM {words} AS w))", asked.Values), cancellation);
    }

    public async Task<IReadOnlyList<FoundMemory>> NewestAsync(MemoryQuestion question, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(question.Scope.Tenant, cancellation);
        var asked = new AskedRows(question, time.GetUtcNow());
        return await ReadAsync(session.Command($"{asked} ORDER BY {asked.Version}.valid_from DESC, m.id DESC LIMIT {asked.Value(most)}", asked.Values), cancellation);
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
            var asked = new AskedRows(question, time.GetUtcNow());
            var around = $"""
                SELECT near.memory_id FROM unnest({asked.Value(frontier)}) AS thing CROSS JOIN LATERAL (
                    SELECT e.memory_id FROM agentsystem.memory_entities AS e WHERE e.tenant_id = $1 AND e.user_name = $2 AND e.agent = $3 AND e.folded = thing
                    ORDER BY e.memory_id DESC LIMIT {MostOfAThing}) AS near
                """;
            var reached = await ReadAsync(
                session.Command($"{asked} AND m.id = ANY (array({around})) AND m.id <> ALL ({asked.Value(memories.Keys.ToList())}) ORDER BY m.at DESC LIMIT {MostAround}", asked.Values), cancellation);
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

    private static async Task<IReadOnlyList<FoundMemory>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var select = command;
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
