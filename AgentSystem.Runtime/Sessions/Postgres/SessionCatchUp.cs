using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>
/// Applies what waits in the outbox to sessions, in the order it was accepted. Applying and taking it out of the outbox are one transaction, so each change is applied exactly once,
/// by whichever process comes first; the others find the row locked and then nothing waiting.
/// </summary>
internal sealed class SessionCatchUp(RuntimeDatabase database, SessionRules rules, SessionTelemetry telemetry, TimeProvider time)
{
    /// <summary>Most changes of one transaction.</summary>
    private const int MostChanges = 1000;

    private const string Waiting = """
        SELECT o.tenant_id, o.agent, o.session, o.sequence, o.basis, o.change::text, extract(epoch FROM clock_timestamp() - o.accepted_at)::float8
        FROM unnest($1, $2, $3) AS wanted (tenant_id, agent, session)
        JOIN agentsystem.session_outbox AS o ON o.tenant_id = wanted.tenant_id AND o.agent = wanted.agent AND o.session = wanted.session
        ORDER BY o.sequence LIMIT $4
        """;

    private const string Done = """
        DELETE FROM agentsystem.session_outbox AS o USING unnest($1, $2) AS done (tenant_id, sequence) WHERE o.tenant_id = done.tenant_id AND o.sequence = done.sequence
        """;

    /// <summary>Sessions with something waiting, the oldest first.</summary>
    public async Task<IReadOnlyCollection<SessionId>> WaitingAsync(CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT tenant_id, agent, session FROM agentsystem.waiting_sessions($1)", MostChanges);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var found = new List<SessionId>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(SessionTransaction.Id(reader));
        }

        return found;
    }

    /// <summary>Applies everything that waits for these sessions now.</summary>
    public async Task ApplyAsync(IReadOnlyCollection<SessionId> ids, CancellationToken cancellation)
    {
        try
        {
            while (ids.Count > 0 && await ApplyOnceAsync(ids, cancellation) == MostChanges)
            {
                // As many as one transaction takes: there may be more.
            }
        }
        catch (PostgresException) when (ids.Count > 1)
        {
            await ApplyEachAsync(ids, cancellation);
        }
    }

    /// <summary>One after the other: what is wrong with one session must not keep the others waiting.</summary>
    private async Task ApplyEachAsync(IReadOnlyCollection<SessionId> ids, CancellationToken cancellation)
    {
        var failures = new List<Exception>();
        foreach (var id in ids)
        {
            try
            {
                await ApplyAsync([id], cancellation);
            }
            catch (PostgresException failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private async Task<int> ApplyOnceAsync(IReadOnlyCollection<SessionId> ids, CancellationToken cancellation)
    {
        var waiting = new List<Row>();
        var session = await database.OpenBatchAsync([.. ids.Select(static id => id.Tenant).Distinct(StringComparer.Ordinal)], cancellation);
        await using var transaction = await LockAsync(session, ids, waiting);
        if (waiting.Count == 0)
        {
            return 0;
        }

        var keys = waiting.SelectMany(static row => row.Change.Keys.Select(key => (row.Change.Id, key.Key, Needed: true))).Distinct().ToList();
        await transaction.AskAsync([SessionTransaction.KeysOf(keys, (id, key, image) => transaction[id].Load(key, image))]);
        var now = time.GetUtcNow();
        var conflicts = new List<(SessionChange Change, SessionConflict Conflict)>();
        foreach (var row in waiting)
        {
            conflicts.AddRange(transaction[row.Change.Id].ApplyLate(row.Change, row.Sequence, row.Basis).Conflicts.Select(conflict => (row.Change, conflict.Named(now))));
        }

        await transaction.WriteAsync([], now,
        [
            .. ConflictRows.Insert(conflicts, now),
            SessionSql.Command(Done, SessionSql.Texts(waiting, static row => row.Change.Scope.Tenant), SessionSql.Longs(waiting, static row => row.Sequence)),
        ]);
        await transaction.CommitAsync();
        foreach (var (_, conflict) in conflicts)
        {
            telemetry.Met(conflict);
        }

        foreach (var row in waiting)
        {
            telemetry.Applied(row.Age);
        }

        return waiting.Count;
    }

    private async Task<SessionTransaction> LockAsync(TenantSession session, IReadOnlyCollection<SessionId> ids, List<Row> waiting)
    {
        try
        {
            return await SessionTransaction.LockAsync(session, rules, ids, new SessionQuestion(
                SessionSql.Command(Waiting, [.. SessionSql.Names(ids, static id => id), new NpgsqlParameter<int> { TypedValue = MostChanges }]),
                row => waiting.Add(new Row(
                    StoredJson.Read<WaitingChange>(row.GetString(5)).ToChange(SessionTransaction.Id(row)), row.GetInt64(3), row.GetInt64(4), TimeSpan.FromSeconds(row.GetDouble(6))))));
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private sealed record Row(SessionChange Change, long Sequence, long Basis, TimeSpan Age);
}
