using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Retrieval;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>
/// The rows within a question's scope, kinds and times, as the beginning of a statement: only what the question asks stands in it, so that the planner can use an index. <c>m</c> is the memory's row;
/// <see cref="Version"/> its version as it was known at the moment that is asked for. <c>$1</c> to <c>$3</c> are tenant, user and agent.
/// </summary>
internal sealed class AskedRows
{
    private static readonly MemoryKind[] Usual = [MemoryKind.Episodic, MemoryKind.Semantic, MemoryKind.Procedural];

    private readonly List<object?> values;
    private readonly string text;

    public AskedRows(MemoryQuestion question, DateTimeOffset now)
    {
        values = [question.Scope.Tenant, question.Scope.User, question.Scope.Agent];
        var known = question.KnownAt is null ? null : Value(question.KnownAt);
        Version = known is null ? "m" : "v";
        List<string> conditions =
        [
            "m.tenant_id = $1 AND m.user_name = $2 AND m.agent = $3 AND m.forgotten_at IS NULL", $"(m.expires_at IS NULL OR m.expires_at > {Value(now)})", Kinds(question), .. Times(question, now),
        ];
        var from = known is null
            ? "FROM agentsystem.memories AS m"
            : $"""
               FROM agentsystem.memories AS m CROSS JOIN LATERAL (
                   SELECT m.text, m.valid_from, m.valid_to WHERE m.recorded_at <= {known}
                   UNION ALL
                   SELECT h.text, h.valid_from, h.valid_to FROM agentsystem.memory_history AS h
                   WHERE h.tenant_id = m.tenant_id AND h.memory_id = m.id AND h.recorded_from <= {known} AND h.recorded_to > {known}
                   LIMIT 1) AS v
               """;
        text = $"SELECT m.id, {Version}.text, m.kind, {Version}.valid_from, {Version}.valid_to, m.at {from} WHERE {string.Join(" AND ", conditions)}";
    }

    /// <summary>Where text and interval are read from.</summary>
    public string Version { get; }

    /// <summary>The values of all parameters so far.</summary>
    public IReadOnlyList<object?> Values => values;

    /// <summary>Takes a value and gives its parameter.</summary>
    public string Value(object? value)
    {
        values.Add(value);
        return $"${values.Count}";
    }

    /// <summary>The statement so far; conditions follow with AND.</summary>
    public override string ToString() => text;

    private string Kinds(MemoryQuestion question)
    {
        var kinds = Value((question.Kinds ?? Usual).Select(static kind => MemoryNames.Word(kind)).ToList());
        if (question.ThreadId is null)
        {
            return $"m.kind = ANY ({kinds})";
        }

        var thread = Value(question.ThreadId);
        return $"((m.kind = ANY ({kinds}) AND (m.kind <> 'working' OR m.thread_id = {thread})) OR (m.kind = 'working' AND m.thread_id = {thread}))";
    }

    private IEnumerable<string> Times(MemoryQuestion question, DateTimeOffset now)
    {
        if (question.AsOf is { } moment)
        {
            var at = Value(moment);
            yield return question.KnownAt is null ? PostgresMemoryRecords.IsSoAt(at) : $"v.valid_from <= {at} AND (v.valid_to IS NULL OR v.valid_to > {at})";
        }

        if (question.To is { } to)
        {
            yield return $"{Version}.valid_from < {Value(to)}";
        }

        if (question.From is { } from)
        {
            var begin = Value(from);
            yield return $"CASE WHEN m.kind = 'episodic' THEN {Version}.valid_from >= {begin} ELSE {Version}.valid_to IS NULL OR {Version}.valid_to > {begin} END";
        }

        if (question is { AsOf: null, To: null, From: null })
        {
            var at = Value(question.KnownAt ?? now);
            yield return $"(m.kind = 'episodic' OR {Version}.valid_from <= {at}) AND ({Version}.valid_to IS NULL OR {Version}.valid_to > {at})";
        }
    }
}
