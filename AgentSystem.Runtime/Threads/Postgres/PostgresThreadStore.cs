using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Threads.Postgres;

/// <summary>Threads in Postgres: a row per thread, a row per message.</summary>
internal sealed class PostgresThreadStore(RuntimeDatabase database, TimeProvider time) : IThreadStore
{
    private const string Mine = "tenant_id = $1 AND id = $2 AND ($3::text IS NULL OR user_name = $3)";

    public async Task<ThreadView> AddAsync(NewThread thread, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var session = await database.OpenAsync(thread.Tenant, cancellation);
        var added = await AddAsync(session, ThreadLimits.NewId(now), thread, now, cancellation);
        await session.CommitAsync(cancellation);
        return added;
    }

    public async Task BeginAsync(string id, NewThread thread, NewTurn turn, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var session = await database.OpenAsync(thread.Tenant, cancellation);
        await AddAsync(session, id, thread, now, cancellation);
        await AppendAsync(session, new ThreadScope(thread.Tenant, thread.User), id, turn, now, cancellation);
        await session.CommitAsync(cancellation);
    }

    public async Task<ThreadView?> FindAsync(ThreadScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        return await FindAsync(session, scope, id, cancellation);
    }

    public async Task<IReadOnlyList<ThreadView>> ListAsync(ThreadScope scope, ThreadQuery query, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            query.Text is null ? ThreadSearch.List : ThreadSearch.Find,
            [
                scope.Tenant, ThreadRows.Text(scope.User), ThreadRows.Text(query.Agent), ThreadRows.Moment(query.After?.UpdatedAt), ThreadRows.Text(query.After?.Id), query.Limit,
                .. query.Text is { } text ? new object?[] { text, ThreadSearch.HeadlineOptions } : [],
            ]);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var threads = new List<ThreadView>();
        while (await reader.ReadAsync(cancellation))
        {
            threads.Add(ThreadRows.Thread(reader) is var thread && query.Text is null ? thread : thread with { Snippet = reader.GetString(ThreadRows.ThreadColumns) });
        }

        return threads;
    }

    public async Task<ThreadView?> UpdateAsync(ThreadScope scope, string id, string? title, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var update = session.Command(
            $"UPDATE agentsystem.threads SET title = coalesce($4, title), metadata = coalesce($5::jsonb, metadata) WHERE {Mine} RETURNING {ThreadRows.Columns}",
            scope.Tenant, id, ThreadRows.Text(scope.User), ThreadRows.Text(title), ThreadRows.Text(metadata is null ? null : StoredJson.Write(metadata)));
        var updated = await ThreadRows.OneAsync(update, cancellation);
        await session.CommitAsync(cancellation);
        return updated;
    }

    public async Task<bool> DeleteAsync(ThreadScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var delete = session.Command($"DELETE FROM agentsystem.threads WHERE {Mine}", scope.Tenant, id, ThreadRows.Text(scope.User));
        var found = await delete.ExecuteNonQueryAsync(cancellation) > 0;
        await session.CommitAsync(cancellation);
        return found;
    }

    public async Task<IReadOnlyList<MessageView>?> MessagesAsync(ThreadScope scope, string id, MessageQuery query, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        if (await FindAsync(session, scope, id, cancellation) is null)
        {
            return null;
        }

        var (compare, order) = query.NewestFirst ? ("<", "DESC") : (">", "ASC");
        await using var select = session.Command(
            $"SELECT {ThreadRows.MessageColumns} FROM agentsystem.thread_messages WHERE tenant_id = $1 AND thread_id = $2 AND ($3::int IS NULL OR number {compare} $3) ORDER BY number {order} LIMIT $4",
            scope.Tenant, id, ThreadRows.Number(query.After), query.Limit);
        return await ThreadRows.MessagesAsync(select, cancellation);
    }

    public async Task<ThreadHistory?> HistoryAsync(ThreadScope scope, string id, int limit, int? until, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var find = session.Command($"SELECT {ThreadRows.Columns} FROM agentsystem.threads WHERE {Mine}", scope.Tenant, id, ThreadRows.Text(scope.User));
        if (await ThreadRows.OwnedAsync(find, cancellation) is not var (thread, user))
        {
            return null;
        }

        await using var said = session.Command(
            "SELECT text FROM agentsystem.thread_messages WHERE tenant_id = $1 AND thread_id = $2 AND role = 'system' AND ($3::int IS NULL OR number <= $3) ORDER BY number DESC LIMIT 1",
            scope.Tenant, id, ThreadRows.Number(until));
        var system = await said.ExecuteScalarAsync(cancellation) as string;
        await using var select = session.Command(
            $"SELECT {ThreadRows.MessageColumns} FROM agentsystem.thread_messages WHERE tenant_id = $1 AND thread_id = $2 AND role <> 'system' AND ($4::int IS NULL OR number <= $4) ORDER BY number DESC LIMIT $3",
            scope.Tenant, id, limit, ThreadRows.Number(until));
        var messages = await ThreadRows.MessagesAsync(select, cancellation);
        messages.Reverse();
        return new ThreadHistory(thread, user, system, messages);
    }

    public async Task<int?> AppendAsync(ThreadScope scope, string id, NewTurn turn, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        if (await AppendAsync(session, scope, id, turn, now, cancellation) is not { } number)
        {
            return null;
        }

        await session.CommitAsync(cancellation);
        return number;
    }

    /// <summary>Begins a thread inside somebody's transaction.</summary>
    internal static async Task<ThreadView> AddAsync(TenantSession session, string id, NewThread thread, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var insert = session.Command(
            $"""
            INSERT INTO agentsystem.threads (tenant_id, id, user_name, agent, title, metadata, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING {ThreadRows.Columns}
            """,
            thread.Tenant, id, thread.User, ThreadRows.Text(thread.Agent), ThreadRows.Text(thread.Title), StoredJson.Parameter(thread.Metadata), now);
        return (await ThreadRows.OneAsync(insert, cancellation))!;
    }

    /// <summary>Adds messages inside somebody's transaction: a run ends and its turn is kept, both or neither.</summary>
    internal static async Task<int?> AppendAsync(TenantSession session, ThreadScope scope, string id, NewTurn turn, DateTimeOffset now, CancellationToken cancellation)
    {
        // The update takes the row's lock until the commit: a turn that comes at the same time waits and is numbered after this one.
        await using var count = session.Command(
            $"UPDATE agentsystem.threads SET messages = messages + $4, updated_at = greatest(updated_at, $5), title = coalesce(title, $6) WHERE {Mine} RETURNING messages",
            scope.Tenant, id, ThreadRows.Text(scope.User), turn.Messages.Count, now, ThreadRows.Text(turn.Title));
        if (await count.ExecuteScalarAsync(cancellation) is not int last)
        {
            return null;
        }

        var before = last - turn.Messages.Count;
        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.thread_messages (tenant_id, thread_id, number, role, text, calls, call_id, cut, request_id, agent, at)
            SELECT $1, $2, $3 + message.place, message.role, message.text, message.calls::jsonb, message.call_id, message.cut,
                $4, CASE WHEN message.role IN ('assistant', 'tool') THEN $5 END, $6
            FROM unnest($7, $8, $9, $10, $11) WITH ORDINALITY AS message (role, text, calls, call_id, cut, place)
            """,
            scope.Tenant, id, before, ThreadRows.Text(turn.RequestId), ThreadRows.Text(turn.Agent), now,
            turn.Messages.Select(message => message.Role).ToArray(), turn.Messages.Select(message => message.Text).ToArray(),
            turn.Messages.Select(message => StoredJson.Write(message.Calls)).ToArray(), turn.Messages.Select(message => message.CallId).ToArray(),
            turn.Messages.Select(message => message.Cut).ToArray());
        await insert.ExecuteNonQueryAsync(cancellation);
        return before + 1;
    }

    private static async Task<ThreadView?> FindAsync(TenantSession session, ThreadScope scope, string id, CancellationToken cancellation)
    {
        await using var select = session.Command($"SELECT {ThreadRows.Columns} FROM agentsystem.threads WHERE {Mine}", scope.Tenant, id, ThreadRows.Text(scope.User));
        return await ThreadRows.OneAsync(select, cancellation);
    }
}
