using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>Conflicts as rows, and back.</summary>
internal static class ConflictRows
{
    public const string ByRule = "rule";

    public const string Columns = """
        id, agent, session, key, reason, rule, current::text, current_version, incoming::text, action, current_agent, incoming_agent, transaction_id, created_at, resolved_at, resolved_by, kept
        """;

    private const string Sql = """
        INSERT INTO agentsystem.session_conflicts (tenant_id, agent, session, id, key, reason, rule, current, current_version, current_agent, incoming, action, incoming_agent, incoming_key,
            user_name, transaction_id, kept, created_at, resolved_at, resolved_by)
        SELECT tenant_id, agent, session, id, key, reason, rule, current::jsonb, current_version, current_agent, incoming::jsonb, action, incoming_agent, incoming_key,
            user_name, transaction_id, kept, $18, CASE WHEN kept IS NOT NULL THEN $18 END, CASE WHEN kept IS NOT NULL THEN 'rule' END
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            AS new (tenant_id, agent, session, id, key, reason, rule, current, current_version, current_agent, incoming, action, incoming_agent, incoming_key, user_name, transaction_id, kept)
        """;

    /// <summary>The statement that keeps those with an id; none when there are none.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Insert(IEnumerable<(SessionChange Change, SessionConflict Conflict)> conflicts, DateTimeOffset now)
    {
        var rows = conflicts.Where(static row => row.Conflict.Id is not null).ToList();
        if (rows.Count > 0)
        {
            yield return SessionSql.Command(Sql,
            [
                .. SessionSql.Names(rows, static row => row.Change.Id),
                SessionSql.Texts(rows, static row => row.Conflict.Id), SessionSql.Texts(rows, static row => row.Conflict.Incoming.Key),
                SessionSql.Texts(rows, static row => row.Conflict.Reason), SessionSql.Texts(rows, static row => Word(row.Conflict.Rule)),
                SessionSql.Texts(rows, static row => row.Conflict.There is { Json.Length: > 0 } there ? there.Json : null), SessionSql.Longs(rows, static row => row.Conflict.There?.Version ?? 0),
                SessionSql.Texts(rows, static row => row.Conflict.There?.Agent), SessionSql.Texts(rows, static row => row.Conflict.Incoming.Json),
                SessionSql.Texts(rows, static row => Word(row.Conflict.Incoming.Action)), SessionSql.Texts(rows, static row => row.Change.Writer.Agent), SessionSql.Texts(rows, static row => row.Change.Writer.Key),
                SessionSql.Texts(rows, static row => row.Change.Writer.User), SessionSql.Texts(rows, static row => row.Change.TransactionId),
                SessionSql.Texts(rows, static row => row.Conflict.Kept == ConflictDecision.Undecided ? null : row.Conflict.Kept), SessionSql.Moment(now),
            ]);
        }
    }

    public static IReadOnlyList<StateConflict> Shown(IReadOnlyList<SessionConflict> conflicts) =>
        [.. conflicts.Select(static conflict => new StateConflict(conflict.Incoming.Key, conflict.Rule, conflict.Kept, conflict.Id))];

    public static ConflictView Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
        Parse<ConflictRule>(row.GetString(5)),
        row.IsDBNull(14) ? "open" : "resolved",
        row.IsDBNull(6) ? null : StoredValues.Element(row.GetString(6)),
        row.GetInt64(7),
        StoredValues.Element(row.GetString(8)),
        Parse<StateStrategy>(row.GetString(9)),
        Nullable(row, 10), row.GetString(11), row.GetString(12),
        row.GetFieldValue<DateTimeOffset>(13),
        row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14),
        Nullable(row, 15), Nullable(row, 16));

    private static string Word<T>(T value) where T : struct, Enum => StoredJson.Write(value).Trim('"');

    private static T Parse<T>(string word) where T : struct, Enum => StoredJson.Read<T>($"\"{word}\"");

    private static string? Nullable(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
