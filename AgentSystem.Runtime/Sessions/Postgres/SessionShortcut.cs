using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>
/// The commonest changes in one round trip: one key's value is replaced, compared and set on the version the writer names. One statement for all of a batch makes those that hold;
/// what does not hold is changed by nothing and left to <see cref="SessionFlush"/>, which looks why.
/// </summary>
internal sealed class SessionShortcut(RuntimeDatabase database, SessionRules rules, LostCommit lost, TimeProvider time)
{
    // The key's old size is read on the statement's view of the rows. The session must have the named version there and under its lock: then nothing came in between, and the size is right.
    private const string Change = """
        WITH wanted AS MATERIALIZED (
            SELECT new.*, coalesce(k.bytes, 0) AS before, (k.key IS NULL)::int AS fresh
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS new (tenant_id, agent, session, version, user_name, key, value, bytes, writer, writer_agent, place)
            JOIN agentsystem.sessions AS seen ON seen.tenant_id = new.tenant_id AND seen.agent = new.agent AND seen.session = new.session AND seen.version = new.version
            LEFT JOIN agentsystem.session_keys AS k ON k.tenant_id = new.tenant_id AND k.agent = new.agent AND k.session = new.session AND k.key = new.key
        ), changed AS (
            UPDATE agentsystem.sessions AS s SET version = s.version + 1, bytes = s.bytes + wanted.bytes - wanted.before, keys = s.keys + wanted.fresh, batch = $12, updated_at = $13
            FROM wanted WHERE s.tenant_id = wanted.tenant_id AND s.agent = wanted.agent AND s.session = wanted.session AND s.version = wanted.version AND NOT s.deleted
                AND (wanted.user_name IS NULL OR s.user_name = wanted.user_name)
                AND (wanted.bytes <= wanted.before OR s.bytes + wanted.bytes - wanted.before <= $14) AND (wanted.fresh = 0 OR s.keys < $15)
            RETURNING wanted.*, s.version AS made
        ), kept AS (
            INSERT INTO agentsystem.session_keys (tenant_id, agent, session, key, value, bytes, version, sequence, writer, writer_agent, updated_at)
            SELECT changed.tenant_id, changed.agent, changed.session, changed.key, changed.value::jsonb, changed.bytes, changed.made, nextval('agentsystem.session_sequence'), changed.writer, changed.writer_agent, $13
            FROM changed
            ON CONFLICT (tenant_id, agent, session, key) DO UPDATE
            SET value = excluded.value, bytes = excluded.bytes, version = excluded.version, sequence = excluded.sequence,
                writer = excluded.writer, writer_agent = excluded.writer_agent, updated_at = excluded.updated_at
        )
        SELECT changed.place, changed.made FROM changed
        """;

    /// <summary>How many standbys confirmed when it was last read, for commits whose answer is lost.</summary>
    private volatile int confirming;

    /// <summary>Makes those of the changes that can be made so, and puts their verdicts at their places. Gives the places of the others.</summary>
    public async Task<IReadOnlyList<int>> TakeAsync(IReadOnlyList<SessionChange> changes, SessionVerdict?[] verdicts)
    {
        // The first of its session only: the others are decided on top of it.
        var first = new HashSet<SessionId>();
        var taken = Enumerable.Range(0, changes.Count).Where(i => first.Add(changes[i].Id) && Takes(changes[i])).OrderBy(i => changes[i].Id, Names).ToList();
        if (taken.Count > 0)
        {
            await WriteAsync(changes, taken, verdicts);
        }

        return [.. Enumerable.Range(0, changes.Count).Where(i => verdicts[i] is null)];
    }

    /// <summary>Always in the same order, so that two processes do not wait for each other in a circle.</summary>
    private static Comparer<SessionId> Names { get; } = Comparer<SessionId>.Create(static (one, other) =>
        string.CompareOrdinal(one.Tenant, other.Tenant) is not 0 and var tenant ? tenant
        : string.CompareOrdinal(one.Agent, other.Agent) is not 0 and var agent ? agent : string.CompareOrdinal(one.Session, other.Session));

    private bool Takes(SessionChange change) =>
        change is { Request: null, Rule: null, Match.Version: > 0, Keys: [{ Action: KeyAction.Replace } key] } && SessionLimits.Bytes(key.Json) <= rules.Options.MaxValueBytes;

    private async Task WriteAsync(IReadOnlyList<SessionChange> changes, List<int> taken, SessionVerdict?[] verdicts)
    {
        var mark = Guid.NewGuid();
        try
        {
            await using var session = await database.OpenLeanAsync([.. taken.Select(i => changes[i].Scope.Tenant).Distinct(StringComparer.Ordinal)], CancellationToken.None);
            if (await CommitAsync(session, changes, taken, mark) is { } made)
            {
                var replicas = await SessionTransaction.CountReplicasAsync(session, confirming);
                foreach (var (place, version) in made)
                {
                    verdicts[place] = Done(changes[place], version, replicas);
                }

                return;
            }
        }
        catch (Exception exception) when (LostCommit.IsOpen(exception))
        {
            // Found out below.
        }
        catch (PostgresException refusal) when (SessionFlush.IsAboutARow(refusal) || refusal.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
        {
            // Nothing was kept; the long way tells which of them it was.
            return;
        }

        await FindAsync(changes, taken, mark, verdicts);
    }

    /// <summary>Null when the server stopped waiting for its standbys: it committed, and nobody knows who else has it.</summary>
    private async Task<List<(int Place, long Version)>?> CommitAsync(TenantSession session, IReadOnlyList<SessionChange> changes, List<int> taken, Guid mark)
    {
        var warned = false;
        void OnNotice(object sender, NpgsqlNoticeEventArgs notice) => warned |= notice.Notice.InvariantSeverity == "WARNING";
        session.Connection.Notice += OnNotice;
        try
        {
            await using var batch = session.Whole([SessionSql.Command(SessionSql.Begin, SessionTransaction.Word("on")), Command(changes, taken, mark)]);
            batch.Timeout = rules.Options.QuorumSeconds;
            await batch.PrepareAsync();
            await using var reader = await batch.ExecuteReaderAsync();
            await reader.NextResultAsync();
            await reader.ReadAsync();
            confirming = SynchronousStandbys.Confirming(reader.GetString(1));
            await reader.NextResultAsync();
            var versions = new List<(int, long)>(taken.Count);
            while (await reader.ReadAsync())
            {
                versions.Add((reader.GetInt32(0), reader.GetInt64(1)));
            }

            // Nothing is acknowledged before the answer to the commit.
            while (await reader.NextResultAsync())
            {
            }

            return warned ? null : versions;
        }
        finally
        {
            session.Connection.Notice -= OnNotice;
        }
    }

    private NpgsqlBatchCommand Command(IReadOnlyList<SessionChange> changes, List<int> taken, Guid mark) => SessionSql.Command(Change,
    [
        .. SessionSql.Names(taken, i => changes[i].Id),
        SessionSql.Longs(taken, i => changes[i].Match!.Version!.Value), SessionSql.Texts(taken, i => changes[i].Scope.User),
        SessionSql.Texts(taken, i => changes[i].Keys[0].Key), SessionSql.Texts(taken, i => changes[i].Keys[0].Json), SessionSql.Ints(taken, i => SessionLimits.Bytes(changes[i].Keys[0].Json)),
        SessionSql.Texts(taken, i => changes[i].Writer.Key), SessionSql.Texts(taken, i => changes[i].Writer.Agent), SessionSql.Ints(taken, static i => i),
        new NpgsqlParameter { Value = mark, NpgsqlDbType = NpgsqlDbType.Uuid }, SessionSql.Moment(time.GetUtcNow()),
        new NpgsqlParameter<int> { TypedValue = rules.Options.MaxSessionBytes }, new NpgsqlParameter<int> { TypedValue = rules.Options.MaxKeys },
    ]);

    /// <summary>The answer was lost: each session's row says whether its change stands. One that does not, and never will, is made the long way.</summary>
    private async Task FindAsync(IReadOnlyList<SessionChange> changes, List<int> taken, Guid mark, SessionVerdict?[] verdicts)
    {
        var answers = true;
        foreach (var place in taken)
        {
            var change = changes[place];
            var made = change.Match!.Version!.Value + 1;
            var stands = answers ? await lost.FindAsync(new SessionImage(change.Id, rules) { Version = made }, mark) : null;
            answers &= stands is not null;
            verdicts[place] = stands switch
            {
                true => Done(change, made, 1 + confirming),
                false => null,
                _ => SessionVerdict.Of(SessionRefusal.Unknown(change.TransactionId)),
            };
        }
    }

    private static SessionVerdict Done(SessionChange change, long version, int replicas) =>
        new(new StateUpdated(change.TransactionId, version, StateConsistency.Strong, replicas, ConflictRows.Shown([])), null);
}
