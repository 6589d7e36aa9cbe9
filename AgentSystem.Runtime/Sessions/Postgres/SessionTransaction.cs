using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>One transaction over several sessions: their rows locked, the keys that matter loaded into images, and what the images became written in one go.</summary>
internal sealed class SessionTransaction(TenantSession session, SessionRules rules) : IAsyncDisposable
{
    private readonly Dictionary<SessionId, SessionImage> images = [];
    private bool warned;

    /// <summary>Marks every row this transaction writes.</summary>
    public Guid Mark { get; } = Guid.NewGuid();

    /// <summary>How many standbys must confirm the commit.</summary>
    public int Confirming { get; private set; }

    /// <summary>The sessions, those without a row included.</summary>
    public IReadOnlyCollection<SessionImage> Images => images.Values;

    /// <summary>Opens it and locks the sessions' rows.</summary>
    /// <param name="session">A transaction of the sessions' tenants.</param>
    /// <param name="rules">For the images.</param>
    /// <param name="ids">Which sessions.</param>
    /// <param name="more">Further questions, asked in the same round trip behind the lock.</param>
    public static async Task<SessionTransaction> LockAsync(TenantSession session, SessionRules rules, IReadOnlyCollection<SessionId> ids, params IReadOnlyList<SessionQuestion> more)
    {
        var transaction = new SessionTransaction(session, rules);
        session.Connection.Notice += transaction.OnNotice;
        IEnumerable<SessionQuestion> enter = session.Enter is { } first ? [new(first, static _ => { })] : [];
        await transaction.AskAsync([.. enter, new(SessionSql.Command(SessionSql.Begin, Word("on")), transaction.ReadSettings), new(SessionSql.Command(SessionSql.Lock, SessionSql.Names(ids, static id => id)), transaction.ReadRow), .. more]);
        foreach (var id in ids)
        {
            transaction.images.TryAdd(id, new SessionImage(id, rules));
        }

        return transaction;
    }

    public SessionImage this[SessionId id] => images[id];

    /// <summary>Asks questions in one round trip.</summary>
    public Task AskAsync(params SessionQuestion[] questions) => SessionQuestion.AskAsync(session, questions);

    /// <summary>The question for keys' values; one that is not needed is loaded without its text.</summary>
    public static SessionQuestion KeysOf(IReadOnlyCollection<(SessionId Id, string Key, bool Needed)> keys, Action<SessionId, string, KeyImage> take) => new(
        SessionSql.Command(SessionSql.Keys, [.. SessionSql.Names(keys, static key => key.Id), SessionSql.Texts(keys, static key => key.Key), SessionSql.Flags(keys, static key => key.Needed)]),
        row => take(Id(row), row.GetString(3), new KeyImage(row.GetString(4), row.GetInt32(5), row.GetInt64(6), row.GetInt64(7), row.GetString(8), row.GetString(9))));

    public static SessionId Id(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2));

    public static NpgsqlParameter Word(string text) => new() { Value = text, NpgsqlDbType = NpgsqlDbType.Text };

    /// <summary>Makes the rows of sessions that have none. Gives those that another process has begun meanwhile: nothing may be written for them in this transaction.</summary>
    public async Task<IReadOnlyCollection<SessionId>> BeginSessionsAsync(DateTimeOffset now)
    {
        var missing = images.Values.Where(static image => image is { HasRow: false, Changed: true }).ToList();
        if (missing.Count == 0)
        {
            return [];
        }

        var begun = new HashSet<SessionId>();
        await AskAsync([new(Rows(SessionSql.Insert, missing, now), row => begun.Add(Id(row)))]);
        return [.. missing.Select(static image => image.Id).Where(id => !begun.Contains(id))];
    }

    /// <summary>Writes what the images became.</summary>
    /// <param name="without">Sessions to leave alone.</param>
    /// <param name="now">The moment.</param>
    /// <param name="more">Further statements.</param>
    public async Task WriteAsync(IReadOnlyCollection<SessionId> without, DateTimeOffset now, IEnumerable<NpgsqlBatchCommand> more)
    {
        await using var batch = Batch(without, now, more);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.PrepareAsync();
            await batch.ExecuteNonQueryAsync();
        }
    }

    /// <summary><see cref="WriteAsync"/> and <see cref="CommitAsync"/> in one round trip.</summary>
    /// <exception cref="PostgresException">What cannot be kept was refused before the commit: nothing is kept. Otherwise as <see cref="CommitAsync"/>.</exception>
    public async Task<bool> WriteAndCommitAsync(IReadOnlyCollection<SessionId> without, DateTimeOffset now, IEnumerable<NpgsqlBatchCommand> more)
    {
        await using var batch = Batch(without, now, more);
        batch.BatchCommands.Add(TenantSession.Commit());
        batch.Timeout = rules.Options.QuorumSeconds;
        await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
        return !warned;
    }

    /// <summary>Commits; false when the answer does not prove that the standbys have it.</summary>
    /// <exception cref="NpgsqlException">The answer was lost, or an error: <see cref="LostCommit"/> tells which.</exception>
    public async Task<bool> CommitAsync()
    {
        await using var commit = session.Command("COMMIT");
        commit.CommandTimeout = rules.Options.QuorumSeconds;
        await commit.ExecuteNonQueryAsync();
        // A server that is told to stop waiting for its standbys commits all the same, and says so in a warning only.
        return !warned;
    }

    /// <summary>How many servers hold the last commit durably, this one included.</summary>
    public async Task<int> CountReplicasAsync()
    {
        if (Confirming == 0)
        {
            return 1;
        }

        try
        {
            await using var count = new NpgsqlCommand("SELECT agentsystem.confirmed_standbys()", session.Connection);
            return 1 + Math.Max(Confirming, await count.ExecuteScalarAsync() is long seen ? (int)seen : 0);
        }
        catch (NpgsqlException)
        {
            // The commit stands whatever becomes of the question how many more have it.
            return 1 + Confirming;
        }
    }

    public async ValueTask DisposeAsync()
    {
        session.Connection.Notice -= OnNotice;
        await session.DisposeAsync();
    }

    private NpgsqlBatch Batch(IReadOnlyCollection<SessionId> without, DateTimeOffset now, IEnumerable<NpgsqlBatchCommand> more)
    {
        var batch = session.Batch();
        foreach (var command in Writes([.. images.Values.Where(image => image.Changed && !without.Contains(image.Id))], now).Concat(more))
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private void OnNotice(object sender, NpgsqlNoticeEventArgs notice) => warned |= notice.Notice.InvariantSeverity == "WARNING";

    private void ReadSettings(NpgsqlDataReader row) => Confirming = SynchronousStandbys.Confirming(row.GetString(1));

    private void ReadRow(NpgsqlDataReader row)
    {
        var id = Id(row);
        images[id] = new SessionImage(id, rules) { HasRow = true, User = row.GetString(3), Version = row.GetInt64(4), Bytes = row.GetInt32(5), Keys = row.GetInt32(6), Deleted = row.GetBoolean(7) };
    }

    private NpgsqlBatchCommand Rows(string sql, List<SessionImage> rows, DateTimeOffset now) => SessionSql.Command(sql,
    [
        .. SessionSql.Names(rows, static image => image.Id),
        SessionSql.Texts(rows, static image => image.User), SessionSql.Longs(rows, static image => image.Version), SessionSql.Ints(rows, static image => image.Bytes), SessionSql.Ints(rows, static image => image.Keys),
        new NpgsqlParameter { Value = Mark, NpgsqlDbType = NpgsqlDbType.Uuid }, SessionSql.Moment(now), SessionSql.Flags(rows, static image => image.Deleted),
    ]);

    private IEnumerable<NpgsqlBatchCommand> Writes(List<SessionImage> changed, DateTimeOffset now)
    {
        var there = changed.Where(static image => image.HasRow).ToList();
        if (there.Count > 0)
        {
            yield return Rows(SessionSql.Update, there, now);
        }

        var cleared = changed.Where(static image => image.Cleared).ToList();
        if (cleared.Count > 0)
        {
            yield return SessionSql.Command(SessionSql.Clear, SessionSql.Names(cleared, static image => image.Id));
        }

        var removed = changed.SelectMany(static image => image.Removed.Select(key => (image.Id, Key: key))).ToList();
        if (removed.Count > 0)
        {
            yield return SessionSql.Command(SessionSql.Remove, [.. SessionSql.Names(removed, static gone => gone.Id), SessionSql.Texts(removed, static gone => gone.Key)]);
        }

        var written = changed.SelectMany(static image => image.Written.Select(key => (image.Id, key.Key, key.Value))).ToList();
        if (written.Count > 0)
        {
            yield return SessionSql.Command(SessionSql.Upsert,
            [
                .. SessionSql.Names(written, static row => row.Id), SessionSql.Texts(written, static row => row.Key), SessionSql.Texts(written, static row => row.Value.Json),
                SessionSql.Ints(written, static row => row.Value.Bytes), SessionSql.Longs(written, static row => row.Value.Version), SessionSql.Longs(written, static row => row.Value.Sequence),
                SessionSql.Texts(written, static row => row.Value.Writer), SessionSql.Texts(written, static row => row.Value.Agent), SessionSql.Moment(now),
            ]);
        }
    }
}
