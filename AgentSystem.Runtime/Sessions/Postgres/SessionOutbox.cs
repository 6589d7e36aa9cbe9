using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>
/// Accepts eventual changes: written to the outbox and flushed to this server's disk, without waiting for any other server. The session's row is made with the first,
/// so that it is settled whose the session is. Changes that come together share a commit.
/// </summary>
internal sealed class SessionOutbox(RuntimeDatabase database, SessionRules rules, TimeProvider time)
{
    private const string Begin = """
        INSERT INTO agentsystem.sessions (tenant_id, agent, session, user_name, version, bytes, keys, deleted, batch, created_at, updated_at)
        SELECT DISTINCT ON (tenant_id, agent, session) tenant_id, agent, session, user_name, 0, 0, 0, false, '00000000-0000-0000-0000-000000000000'::uuid, $5, $5
        FROM unnest($1, $2, $3, $4) AS new (tenant_id, agent, session, user_name) ORDER BY tenant_id, agent, session
        ON CONFLICT DO NOTHING
        """;

    private const string Look = """
        SELECT s.tenant_id, s.agent, s.session, s.user_name, s.version, s.deleted
        FROM unnest($1, $2, $3) AS wanted (tenant_id, agent, session)
        JOIN agentsystem.sessions AS s ON s.tenant_id = wanted.tenant_id AND s.agent = wanted.agent AND s.session = wanted.session
        """;

    private const string Put = """
        INSERT INTO agentsystem.session_outbox (tenant_id, agent, session, basis, change)
        SELECT tenant_id, agent, session, basis, change::jsonb FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS new (tenant_id, agent, session, basis, change, place) ORDER BY place
        RETURNING sequence
        """;

    /// <summary>Verdicts in the order of the changes.</summary>
    public async Task<IReadOnlyList<SessionVerdict>> AcceptAsync(IReadOnlyList<SessionChange> changes)
    {
        var now = time.GetUtcNow();
        await using var session = await database.OpenBatchAsync([.. changes.Select(static change => change.Scope.Tenant).Distinct(StringComparer.Ordinal)], CancellationToken.None);
        var sessions = new Dictionary<SessionId, (string User, long Version, bool Deleted)>();
        await AskAsync(session,
            new(SessionSql.Command(SessionSql.Begin, SessionTransaction.Word("local")), static _ => { }),
            new(SessionSql.Command(Begin, [.. SessionSql.Names(changes, static change => change.Id), SessionSql.Texts(changes, static change => change.Writer.User), SessionSql.Moment(now)]), static _ => { }),
            new(SessionSql.Command(Look, SessionSql.Names(changes, static change => change.Id)), row => sessions[SessionTransaction.Id(row)] = (row.GetString(3), row.GetInt64(4), row.GetBoolean(5))));
        var rows = changes.Where(change => Refuse(change, sessions[change.Id]) is null).ToList();
        var places = new Queue<long>();
        if (rows.Count > 0)
        {
            await AskAsync(session, new SessionQuestion(
                SessionSql.Command(Put,
                [
                    .. SessionSql.Names(rows, static change => change.Id),
                    SessionSql.Longs(rows, change => change.Match?.Version ?? sessions[change.Id].Version),
                    SessionSql.Texts(rows, change => StoredJson.Write(WaitingChange.Of(change, rules))),
                ]),
                row => places.Enqueue(row.GetInt64(0))));
        }

        await session.CommitAsync(CancellationToken.None);
        return [.. changes.Select(change => Refuse(change, sessions[change.Id]) is { } refusal ? SessionVerdict.Of(refusal) : Accepted(change, sessions[change.Id].Version, places.Dequeue()))];
    }

    private static SessionVerdict Accepted(SessionChange change, long version, long place) =>
        new(new StateUpdated(change.TransactionId, version, StateConsistency.Eventual, 0, [], place.ToString(System.Globalization.CultureInfo.InvariantCulture)), null);

    private static SessionRefusal? Refuse(SessionChange change, (string User, long Version, bool Deleted) there) =>
        !there.Deleted && change.Scope.User is { } user && user != there.User ? SessionRefusal.NotFound(change.Name) : null;

    private static async Task AskAsync(TenantSession session, params SessionQuestion[] questions)
    {
        await using var batch = session.Batch();
        foreach (var question in questions)
        {
            batch.BatchCommands.Add(question.Command);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var question in questions)
        {
            if (reader.FieldCount == 0)
            {
                // The insert answers with a count, which is no result set for the reader.
                continue;
            }

            while (await reader.ReadAsync())
            {
                question.Row(reader);
            }

            await reader.NextResultAsync();
        }
    }
}
