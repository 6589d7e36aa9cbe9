using System.Text.Json;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>Reads sessions. One statement shows one moment, so a view never mixes two versions.</summary>
internal sealed class SessionReader(RuntimeDatabase database)
{
    /// <summary>$4 the user, $5 the key; both may be null. A session that was only begun by an update that still waits is not there yet.</summary>
    private const string One = """
        SELECT s.user_name, s.version, s.created_at, s.updated_at, k.key, k.value::text, k.version, k.bytes, k.updated_at,
            ARRAY(SELECT c.id FROM agentsystem.session_conflicts AS c
                WHERE c.tenant_id = s.tenant_id AND c.agent = s.agent AND c.session = s.session AND c.key = k.key AND c.resolved_at IS NULL ORDER BY c.id)
        FROM agentsystem.sessions AS s
        LEFT JOIN agentsystem.session_keys AS k ON k.tenant_id = s.tenant_id AND k.agent = s.agent AND k.session = s.session AND ($5::text IS NULL OR k.key = $5)
        WHERE s.tenant_id = $1 AND s.agent = $2 AND s.session = $3 AND ($4::text IS NULL OR s.user_name = $4) AND NOT s.deleted AND s.version > 0
        ORDER BY k.key
        """;

    /// <summary>In the order of the primary key: an order by time would need an index that every update had to write.</summary>
    private const string Page = """
        SELECT agent, session, user_name, version, keys, bytes, created_at, updated_at FROM agentsystem.sessions
        WHERE tenant_id = $1 AND ($2::text IS NULL OR user_name = $2) AND ($3::text IS NULL OR agent = $3) AND ($4::text IS NULL OR starts_with(session, $4))
          AND ($5::text IS NULL OR (agent, session) > ($5, $6)) AND NOT deleted AND version > 0
        ORDER BY agent, session LIMIT $7
        """;

    public async Task<SessionView?> ReadAsync(SessionScope scope, SessionName name, string? key, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(One, scope.Tenant, name.Agent, name.Session, Text(scope.User), Text(key));
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        SessionView? view = null;
        var (state, keys) = (new Dictionary<string, JsonElement>(StringComparer.Ordinal), new List<SessionKeyView>());
        while (await reader.ReadAsync(cancellation))
        {
            view ??= new SessionView(
                name.Agent, name.Session, SessionUser.Shown(reader.GetString(0)), reader.GetInt64(1), state, keys,
                reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3));
            if (!reader.IsDBNull(4))
            {
                state.Add(reader.GetString(4), StoredValues.Element(reader.GetString(5)));
                keys.Add(new SessionKeyView(reader.GetString(4), reader.GetInt64(6), reader.GetInt32(7), reader.GetFieldValue<DateTimeOffset>(8), reader.GetFieldValue<string[]>(9)));
            }
        }

        return view;
    }

    public async Task<IReadOnlyList<SessionSummary>> ListAsync(SessionScope scope, SessionQuery query, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            Page, scope.Tenant, Text(scope.User), Text(query.Agent), Text(query.Prefix), Text(query.After?.Agent), Text(query.After?.Session), query.Limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var page = new List<SessionSummary>();
        while (await reader.ReadAsync(cancellation))
        {
            page.Add(new SessionSummary(
                reader.GetString(0), reader.GetString(1), SessionUser.Shown(reader.GetString(2)), reader.GetInt64(3), reader.GetInt32(4), reader.GetInt32(5),
                reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return page;
    }

    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
