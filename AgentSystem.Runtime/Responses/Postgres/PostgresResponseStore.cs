using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Responses.Postgres;

/// <summary>Responses in Postgres: a row each, which holds only what it adds to the one before.</summary>
internal sealed class PostgresResponseStore(RuntimeDatabase database, IOptions<ResponsesOptions> options, IOptions<RecordingsOptions> recordings, TimeProvider time) : IResponseStore
{
    private const string Columns = "x.tenant_id, x.id, x.key_id, x.user_name, x.previous_id, x.recording_id, x.background, x.status, x.request::text, x.input::text, x.output::text, x.result::text, x.created_at, x.completed_at";

    /// <summary>$1 tenant, $2 id, $3 key or null for everybody, $4 user or null.</summary>
    private const string Mine = "x.tenant_id = $1 AND x.id = $2 AND ($3::text IS NULL OR x.key_id = $3 OR x.user_name = $4)";

    private static readonly string Lose = $"""
        UPDATE agentsystem.responses AS x SET status = 'failed', result = $5::json, completed_at = $6
        WHERE {Mine} AND x.status IN ('queued', 'in_progress') AND NOT EXISTS (
            SELECT FROM agentsystem.recordings AS r WHERE r.tenant_id = x.tenant_id AND r.id = x.recording_id AND r.state = 'open' AND NOT {RecordingRows.IsStale("$7")})
        """;

    public async Task AddAsync(StoredResponse response, string owner, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(response.Tenant, cancellation);
        if (response.RecordingKey is { } recording)
        {
            await RecordingRows.BeginAsync(session, recording, owner, options.Value.EventRetention, cancellation);
        }

        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.responses (tenant_id, id, key_id, user_name, previous_id, recording_id, background, status, request, input, output, result, created_at, completed_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::json, $10::json, $11::json, $12::json, $13, $14, $15)
            """,
            response.Tenant, response.Id, response.KeyId, response.User, Text(response.PreviousId), Text(response.Recording), response.Background, Name(response.Status),
            response.Request, response.Input, response.Output, response.Result, response.CreatedAt, Moment(response.CompletedAt), response.CreatedAt + options.Value.Retention);
        await insert.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    public async Task<StoredResponse?> FindAsync(ResponseScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        var found = await OneAsync(session, scope, id, cancellation);
        if (found is null or { IsEnded: true })
        {
            return found;
        }

        await using var lose = session.Command(Lose, scope.Tenant, id, Text(scope.KeyId), Text(scope.User), LostResponse.Result, time.GetUtcNow(), recordings.Value.Lease);
        if (await lose.ExecuteNonQueryAsync(cancellation) == 1)
        {
            // A producer that is only paused learns it from its next write.
            await RecordingRows.EndAsync(session, found.RecordingKey!, RecordingState.Abandoned, cancellation);
        }

        found = await OneAsync(session, scope, id, cancellation);
        await session.CommitAsync(cancellation);
        return found;
    }

    public async Task<IReadOnlyList<StoredResponse>?> ChainAsync(ResponseScope scope, string id, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            $"""
            WITH RECURSIVE chain AS (
                SELECT x.id, x.previous_id, 1 AS place FROM agentsystem.responses AS x WHERE {Mine}
                UNION ALL
                SELECT x.id, x.previous_id, chain.place + 1 FROM chain JOIN agentsystem.responses AS x ON x.tenant_id = $1 AND x.id = chain.previous_id
                WHERE chain.place < $5 AND ($3::text IS NULL OR x.key_id = $3 OR x.user_name = $4)
            )
            SELECT {Columns} FROM chain JOIN agentsystem.responses AS x ON x.tenant_id = $1 AND x.id = chain.id ORDER BY chain.place DESC
            """,
            scope.Tenant, id, Text(scope.KeyId), Text(scope.User), most);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var chain = new List<StoredResponse>();
        while (await reader.ReadAsync(cancellation))
        {
            chain.Add(Read(reader));
        }

        return chain.Count == 0 ? null : chain;
    }

    public Task<bool> StartAsync(string tenant, string id, CancellationToken cancellation) =>
        ChangedAsync(tenant, "UPDATE agentsystem.responses SET status = 'in_progress' WHERE tenant_id = $1 AND id = $2 AND status = 'queued'", cancellation, tenant, id);

    public Task<bool> EndAsync(string tenant, string id, ResponseEnd end, CancellationToken cancellation) => ChangedAsync(
        tenant,
        "UPDATE agentsystem.responses SET status = $3, output = $4::json, result = $5::json, completed_at = $6 WHERE tenant_id = $1 AND id = $2 AND status IN ('queued', 'in_progress')",
        cancellation, tenant, id, Name(end.Status), end.Output, end.Result, end.At);

    public async Task<StoredResponse?> CancelAsync(ResponseScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var cancel = session.Command(
            $"UPDATE agentsystem.responses AS x SET status = 'cancelled', completed_at = $5 WHERE {Mine} AND x.background AND x.status IN ('queued', 'in_progress')",
            scope.Tenant, id, Text(scope.KeyId), Text(scope.User), time.GetUtcNow());
        var cancelled = await cancel.ExecuteNonQueryAsync(cancellation) == 1;
        var found = await OneAsync(session, scope, id, cancellation);
        if (cancelled && found!.RecordingKey is { } recording)
        {
            await RecordingRows.EndAsync(session, recording, RecordingState.Failed, cancellation);
        }

        await session.CommitAsync(cancellation);
        return found;
    }

    public async Task<bool> DeleteAsync(ResponseScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var delete = session.Command($"DELETE FROM agentsystem.responses AS x WHERE {Mine} RETURNING coalesce(x.recording_id, '')", scope.Tenant, id, Text(scope.KeyId), Text(scope.User));
        var recording = await delete.ExecuteScalarAsync(cancellation);
        if (recording is string { Length: > 0 } known)
        {
            // Its events go at once as well: deleted means that nobody reads it again.
            await RecordingRows.RemoveAsync(session, new RecordingKey(scope.Tenant, known), cancellation);
        }

        await session.CommitAsync(cancellation);
        return recording is not null;
    }

    public async Task<int> DeleteExpiredAsync(int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var delete = session.Command("SELECT agentsystem.delete_expired_responses($1)", most);
        var deleted = (int)(await delete.ExecuteScalarAsync(cancellation))!;
        await session.CommitAsync(cancellation);
        return deleted;
    }

    private async Task<bool> ChangedAsync(string tenant, string sql, CancellationToken cancellation, params IReadOnlyList<object?> values)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var update = session.Command(sql, values);
        var changed = await update.ExecuteNonQueryAsync(cancellation) == 1;
        await session.CommitAsync(cancellation);
        return changed;
    }

    private static async Task<StoredResponse?> OneAsync(TenantSession session, ResponseScope scope, string id, CancellationToken cancellation)
    {
        await using var select = session.Command($"SELECT {Columns} FROM agentsystem.responses AS x WHERE {Mine}", scope.Tenant, id, Text(scope.KeyId), Text(scope.User));
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private static StoredResponse Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Nullable(row, 4), Nullable(row, 5), row.GetBoolean(6), Status(row.GetString(7)),
        row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11), row.GetFieldValue<DateTimeOffset>(12), row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13));

    private static string Name(ResponseStatus status) => status switch
    {
        ResponseStatus.InProgress => "in_progress",
        _ => status.ToString().ToLowerInvariant(),
    };

    private static ResponseStatus Status(string name) => Enum.GetValues<ResponseStatus>().First(status => Name(status) == name);

    private static string? Nullable(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Moment(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
