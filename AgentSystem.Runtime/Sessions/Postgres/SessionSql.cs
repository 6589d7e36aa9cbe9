using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>The statements of a commit that many changes share: each takes whole columns, so that a hundred sessions cost one statement.</summary>
internal static class SessionSql
{
    /// <summary>$1 the setting. Also tells which standbys must confirm.</summary>
    public const string Begin = "SELECT set_config('synchronous_commit', $1, true), current_setting('synchronous_standby_names')";

    /// <summary>Always in the order of names, so that two processes never wait for each other in a circle.</summary>
    public const string Lock = """
        SELECT s.tenant_id, s.agent, s.session, s.user_name, s.version, s.bytes, s.keys, s.deleted
        FROM unnest($1, $2, $3) AS wanted (tenant_id, agent, session)
        JOIN agentsystem.sessions AS s ON s.tenant_id = wanted.tenant_id AND s.agent = wanted.agent AND s.session = wanted.session
        ORDER BY s.tenant_id, s.agent, s.session FOR UPDATE OF s
        """;

    /// <summary>A statement of its own behind the lock: it sees what the last holder of the lock committed. $5: whether the value is looked at.</summary>
    public const string Keys = """
        SELECT k.tenant_id, k.agent, k.session, k.key, CASE WHEN wanted.needed THEN k.value::text ELSE '' END, k.bytes, k.version, k.sequence, k.writer, k.writer_agent
        FROM unnest($1, $2, $3, $4, $5) AS wanted (tenant_id, agent, session, key, needed)
        JOIN agentsystem.session_keys AS k ON k.tenant_id = wanted.tenant_id AND k.agent = wanted.agent AND k.session = wanted.session AND k.key = wanted.key
        """;

    public const string Requests = """
        SELECT r.tenant_id, r.id, r.body, r.answer::text
        FROM unnest($1, $2) AS wanted (tenant_id, id) JOIN agentsystem.session_requests AS r ON r.tenant_id = wanted.tenant_id AND r.id = wanted.id
        """;

    public const string Sequences = "SELECT nextval('agentsystem.session_sequence') FROM generate_series(1, $1)";

    /// <summary>Those another process began meanwhile are not given back.</summary>
    public const string Insert = """
        INSERT INTO agentsystem.sessions (tenant_id, agent, session, user_name, version, bytes, keys, deleted, batch, created_at, updated_at)
        SELECT tenant_id, agent, session, user_name, version, bytes, keys, deleted, $8, $9, $9
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $10) AS new (tenant_id, agent, session, user_name, version, bytes, keys, deleted)
        ORDER BY tenant_id, agent, session
        ON CONFLICT DO NOTHING RETURNING tenant_id, agent, session
        """;

    public const string Update = """
        UPDATE agentsystem.sessions AS s SET user_name = new.user_name, version = new.version, bytes = new.bytes, keys = new.keys, deleted = new.deleted, batch = $8, updated_at = $9
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $10) AS new (tenant_id, agent, session, user_name, version, bytes, keys, deleted)
        WHERE s.tenant_id = new.tenant_id AND s.agent = new.agent AND s.session = new.session
        """;

    public const string Clear = """
        DELETE FROM agentsystem.session_keys AS k USING unnest($1, $2, $3) AS gone (tenant_id, agent, session)
        WHERE k.tenant_id = gone.tenant_id AND k.agent = gone.agent AND k.session = gone.session
        """;

    public const string Remove = """
        DELETE FROM agentsystem.session_keys AS k USING unnest($1, $2, $3, $4) AS gone (tenant_id, agent, session, key)
        WHERE k.tenant_id = gone.tenant_id AND k.agent = gone.agent AND k.session = gone.session AND k.key = gone.key
        """;

    public const string Upsert = """
        INSERT INTO agentsystem.session_keys (tenant_id, agent, session, key, value, bytes, version, sequence, writer, writer_agent, updated_at)
        SELECT tenant_id, agent, session, key, value::jsonb, bytes, version, sequence, writer, writer_agent, $11
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS new (tenant_id, agent, session, key, value, bytes, version, sequence, writer, writer_agent)
        ON CONFLICT (tenant_id, agent, session, key) DO UPDATE
        SET value = excluded.value, bytes = excluded.bytes, version = excluded.version, sequence = excluded.sequence,
            writer = excluded.writer, writer_agent = excluded.writer_agent, updated_at = excluded.updated_at
        """;

    public const string Remember = """
        INSERT INTO agentsystem.session_requests (tenant_id, id, body, answer, at)
        SELECT tenant_id, id, body, answer::jsonb, $5 FROM unnest($1, $2, $3, $4) AS new (tenant_id, id, body, answer)
        ON CONFLICT DO NOTHING RETURNING tenant_id, id
        """;

    public static NpgsqlBatchCommand Command(string sql, params IReadOnlyList<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value);
        }

        return command;
    }

    public static NpgsqlParameter Texts<T>(IEnumerable<T> rows, Func<T, string?> column) => Column(rows, column, NpgsqlDbType.Text);

    public static NpgsqlParameter Longs<T>(IEnumerable<T> rows, Func<T, long> column) => Column(rows, column, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Ints<T>(IEnumerable<T> rows, Func<T, int> column) => Column(rows, column, NpgsqlDbType.Integer);

    public static NpgsqlParameter Flags<T>(IEnumerable<T> rows, Func<T, bool> column) => Column(rows, column, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Bytes<T>(IEnumerable<T> rows, Func<T, byte[]> column) => Column(rows, column, NpgsqlDbType.Bytea);

    /// <summary>Tenant, agent and session, the first three columns everywhere.</summary>
    public static NpgsqlParameter[] Names<T>(IReadOnlyCollection<T> rows, Func<T, SessionId> id) =>
        [Texts(rows, row => id(row).Tenant), Texts(rows, row => id(row).Agent), Texts(rows, row => id(row).Session)];

    public static NpgsqlParameter Moment(DateTimeOffset at) => new() { Value = at.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter Column<TRow, TValue>(IEnumerable<TRow> rows, Func<TRow, TValue> column, NpgsqlDbType type) =>
        new() { Value = rows.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
