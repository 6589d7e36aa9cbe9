using System.Globalization;
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
        ON CONFLICT DO NOTHING RETURNING version
        """;

    private const string Look = """
        SELECT s.tenant_id, s.agent, s.session, s.user_name, s.version, s.deleted
        FROM unnest($1, $2, $3) AS wanted (tenant_id, agent, session)
        JOIN agentsystem.sessions AS s ON s.tenant_id = wanted.tenant_id AND s.agent = wanted.agent AND s.session = wanted.session
        """;

    private const string Put = """
        INSERT INTO agentsystem.session_outbox (tenant_id, agent, session, sequence, basis, change)
        SELECT tenant_id, agent, session, sequence, basis, change::jsonb FROM unnest($1, $2, $3, $4, $5, $6) AS new (tenant_id, agent, session, sequence, basis, change)
        RETURNING sequence
        """;

    /// <summary>Verdicts in the order of the changes.</summary>
    public async Task<IReadOnlyList<SessionVerdict>> AcceptAsync(IReadOnlyList<SessionChange> changes)
    {
        var now = time.GetUtcNow();
        await using var session = await database.OpenBatchAsync([.. changes.Select(static change => change.Scope.Tenant).Distinct(StringComparer.Ordinal)], CancellationToken.None);
        var sessions = new Dictionary<SessionId, (string User, long Version, bool Deleted)>();
        var places = new List<long>();
        await SessionQuestion.AskAsync(session,
            new(SessionSql.Command(SessionSql.Begin, SessionTransaction.Word("local")), static _ => { }),
            new(SessionSql.Command(Begin, [.. SessionSql.Names(changes, static change => change.Id), SessionSql.Texts(changes, static change => change.Writer.User), SessionSql.Moment(now)]), static _ => { }),
            new(SessionSql.Command(Look, SessionSql.Names(changes, static change => change.Id)), row => sessions[SessionTransaction.Id(row)] = (row.GetString(3), row.GetInt64(4), row.GetBoolean(5))),
            new(SessionSql.Command(SessionSql.Sequences, new NpgsqlParameter<int> { TypedValue = changes.Count }), row => places.Add(row.GetInt64(0))));
        SessionVerdict[] verdicts = [.. changes.Select((change, i) => Refuse(change, sessions[change.Id]) is { } refusal ? SessionVerdict.Of(refusal) : Accepted(change, sessions[change.Id].Version, places[i]))];
        await RepeatAsync(session, changes, verdicts, now);
        int[] rows = [.. Enumerable.Range(0, changes.Count).Where(i => verdicts[i] is { Refusal: null, Replayed: false })];
        if (rows.Length > 0)
        {
            await SessionQuestion.AskAsync(session, new SessionQuestion(
                SessionSql.Command(Put,
                [
                    .. SessionSql.Names(rows, i => changes[i].Id),
                    SessionSql.Longs(rows, i => places[i]),
                    SessionSql.Longs(rows, i => changes[i].Match?.Version ?? sessions[changes[i].Id].Version),
                    SessionSql.Texts(rows, i => StoredJson.Write(WaitingChange.Of(changes[i], rules))),
                ]),
                static _ => { }));
        }

        try
        {
            await session.CommitAsync(CancellationToken.None);
            return verdicts;
        }
        catch (Exception lost) when (LostCommit.IsOpen(lost))
        {
            // Not looked up: what was accepted shows only when it is applied. The same again with its Idempotency-Key is safe.
            return [.. verdicts.Select(static verdict => verdict is { Done: { } done, Replayed: false } ? SessionVerdict.Of(SessionRefusal.Unknown(done.TransactionId)) : verdict)];
        }
    }

    private static SessionVerdict Accepted(SessionChange change, long version, long place) =>
        new(new StateUpdated(change.TransactionId, version, StateConsistency.Eventual, 0, [], place.ToString(CultureInfo.InvariantCulture)), null);

    private static SessionRefusal? Refuse(SessionChange change, (string User, long Version, bool Deleted) there) =>
        !there.Deleted && change.Scope.User is { } user && user != there.User ? SessionRefusal.NotFound(change.Name) : null;

    /// <summary>Gives requests that were answered before their first answer; who asks the same at the same moment waits here for the other's commit.</summary>
    private static async Task RepeatAsync(TenantSession session, IReadOnlyList<SessionChange> changes, SessionVerdict[] verdicts, DateTimeOffset now)
    {
        int[] repeated = [.. Enumerable.Range(0, changes.Count).Where(i => changes[i].Request is not null && verdicts[i].Refusal is null)];
        if (repeated.Length == 0)
        {
            return;
        }

        var first = new HashSet<(string Tenant, string Id)>();
        var known = new Dictionary<(string Tenant, string Id), (byte[] Body, string Answer)>();
        var tenants = SessionSql.Texts(repeated, i => changes[i].Scope.Tenant);
        var ids = SessionSql.Texts(repeated, i => changes[i].Request!.Id);
        await SessionQuestion.AskAsync(session,
            new(
                SessionSql.Command(SessionSql.Remember, tenants, ids, SessionSql.Bytes(repeated, i => changes[i].Request!.Body), SessionSql.Texts(repeated, i => StoredJson.Write(verdicts[i].Done!)), SessionSql.Moment(now)),
                row => first.Add((row.GetString(0), row.GetString(1)))),
            new(SessionSql.Command(SessionSql.Requests, tenants.Clone(), ids.Clone()), row => known[(row.GetString(0), row.GetString(1))] = (row.GetFieldValue<byte[]>(2), row.GetString(3))));
        foreach (var i in repeated)
        {
            var id = (changes[i].Scope.Tenant, changes[i].Request!.Id);
            if (!first.Remove(id))
            {
                verdicts[i] = SessionVerdict.Repeat(changes[i].Request!, known[id].Body, StoredJson.Read<StateUpdated>(known[id].Answer));
            }
        }
    }
}
