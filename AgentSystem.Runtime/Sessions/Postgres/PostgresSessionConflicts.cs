using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>The queue of conflicts in Postgres.</summary>
internal sealed class PostgresSessionConflicts(RuntimeDatabase database, SessionRules rules, TimeProvider time) : ISessionConflicts
{
    // A conflict is whose the session is; a conflict about a session that is somebody else's is whose the update was.
    private const string Mine = """
        tenant_id = $1 AND ($2::text IS NULL OR CASE WHEN reason = 'not_yours' THEN user_name = $2 ELSE EXISTS (
            SELECT FROM agentsystem.sessions AS s WHERE s.tenant_id = c.tenant_id AND s.agent = c.agent AND s.session = c.session AND s.user_name = $2) END)
        """;

    public async Task<IReadOnlyList<ConflictView>> ListAsync(SessionScope scope, ConflictQuery query, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            $"""
            SELECT {ConflictRows.Columns} FROM agentsystem.session_conflicts AS c
            WHERE {Mine} AND ($3::boolean IS NULL OR (resolved_at IS NULL) = $3) AND ($4::text IS NULL OR agent = $4) AND ($5::text IS NULL OR id < $5)
            ORDER BY id DESC LIMIT $6
            """,
            scope.Tenant, SessionReader.Text(scope.User), new NpgsqlParameter { Value = (object?)query.Open ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Boolean },
            SessionReader.Text(query.Agent), SessionReader.Text(query.After), query.Limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var found = new List<ConflictView>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(ConflictRows.Read(reader));
        }

        return found;
    }

    public async Task<ConflictView?> FindAsync(SessionScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        return await FindAsync(session, scope, id);
    }

    public async Task<ConflictVerdict> ResolveAsync(SessionScope scope, string id, ConflictChoice choice, CancellationToken cancellation)
    {
        if (await FindAsync(scope, id, cancellation) is not { } known)
        {
            return new ConflictVerdict(null, NotFound(id));
        }

        // The session's row first, as everywhere: two people who decide at once come one after the other.
        var session = await database.OpenAsync(scope.Tenant, cancellation);
        var own = new SessionId(scope.Tenant, known.Agent, known.Session);
        await using var transaction = await SessionTransaction.LockAsync(session, rules, [own]);
        if (await FindAsync(session, scope, id) is not { Status: "open" } open)
        {
            return new ConflictVerdict(null, new SessionRefusal(409, "conflict_resolved", $"Conflict \"{id}\" is decided already; read it to see how.", "id"));
        }

        var image = transaction[own];
        var sequence = 0L;
        await transaction.AskAsync(
        [
            SessionTransaction.KeysOf([(own, open.Key, true)], (_, key, there) => image.Load(key, there)),
            new SessionQuestion(SessionSql.Command(SessionSql.Sequences, new NpgsqlParameter<int> { TypedValue = 1 }), row => sequence = row.GetInt64(0)),
        ]);
        var refusal = Change(open, choice, image) is { } change ? image.Apply(change, sequence).Refusal : image.Check(choice.Match);
        if (refusal is not null)
        {
            return new ConflictVerdict(null, refusal);
        }

        var now = time.GetUtcNow();
        await transaction.WriteAsync([], now, [SessionSql.Command(
            "UPDATE agentsystem.session_conflicts SET resolved_at = $3, resolved_by = $4, kept = $5 WHERE tenant_id = $1 AND id = $2",
            SessionTransaction.Word(scope.Tenant), SessionTransaction.Word(id), SessionSql.Moment(now), SessionTransaction.Word(choice.Key), SessionTransaction.Word(choice.Kept))]);
        return await CommitAsync(transaction)
            ? new ConflictVerdict(open with { Status = "resolved", ResolvedAt = now, ResolvedBy = choice.Key, Kept = choice.Kept }, null)
            : new ConflictVerdict(null, SessionRefusal.Unknown(open.TransactionId));
    }

    /// <summary>What the decision does to the session; null: nothing.</summary>
    private static SessionChange? Change(ConflictView open, ConflictChoice choice, SessionImage image)
    {
        // An update that did not fit what was there can only take its place.
        var action = open.Reason == "misfit" ? KeyAction.Replace : Enum.Parse<KeyAction>(open.Strategy.ToString());
        KeyChange? key = choice.Kept switch
        {
            "incoming" => new KeyChange(open.Key, action, SessionLimits.Text(open.Incoming)),
            "value" => new KeyChange(open.Key, KeyAction.Replace, choice.Json!),
            _ => null,
        };
        return key is null ? null : new SessionChange(new SessionScope(image.Id.Tenant, null), new SessionName(open.Agent, open.Session), [key], new SessionWriter(choice.Key, open.Agent, image.User))
        {
            TransactionId = open.TransactionId,
            Match = choice.Match,
        };
    }

    private static async Task<bool> CommitAsync(SessionTransaction transaction)
    {
        try
        {
            return await transaction.CommitAsync();
        }
        catch (Exception lost) when (LostCommit.IsOpen(lost))
        {
            // A person reads the conflict again and sees; nothing is told that is not known.
            return false;
        }
    }

    private static async Task<ConflictView?> FindAsync(TenantSession session, SessionScope scope, string id)
    {
        await using var select = session.Command(
            $"SELECT {ConflictRows.Columns} FROM agentsystem.session_conflicts AS c WHERE {Mine} AND id = $3", scope.Tenant, SessionReader.Text(scope.User), id);
        await using var reader = await select.ExecuteReaderAsync();
        return await reader.ReadAsync() ? ConflictRows.Read(reader) : null;
    }

    private static SessionRefusal NotFound(string id) => new(404, "conflict_not_found", $"There is no conflict \"{id}\".", "id");
}
