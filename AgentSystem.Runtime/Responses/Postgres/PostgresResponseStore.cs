using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Responses.Postgres;

/// <summary>Responses in Postgres: a row each, which holds only what it adds to the one before.</summary>
internal sealed class PostgresResponseStore(RuntimeDatabase database, ISecretBox box, IOptions<ResponsesOptions> options, IOptions<RecordingsOptions> recordings, TimeProvider time) : IResponseStore
{
    private readonly ResponseSeal seal = new(box);

    /// <summary>$1 tenant, $2 id, $3 key or null for everybody, $4 user or null.</summary>
    private const string Mine = "x.tenant_id = $1 AND x.id = $2 AND ($3::text IS NULL OR x.key_id = $3 OR x.user_name = $4)";

    private static readonly string Lose = $"""
        UPDATE agentsystem.responses AS x SET status = 'failed', result = $5::json, completed_at = $6
        WHERE {Mine} AND x.status IN ('queued', 'in_progress') AND NOT EXISTS (
            SELECT FROM agentsystem.recordings AS r WHERE r.tenant_id = x.tenant_id AND r.id = x.recording_id AND r.state = 'open' AND NOT {RecordingRows.IsStale("$7")})
        """;

    public async Task AddAsync(StoredResponse response, string owner, CancellationToken cancellation)
    {
        var kept = await seal.SealAsync(response, cancellation);
        await using var session = await database.OpenAsync(response.Tenant, cancellation);
        if (response.RecordingKey is { } recording)
        {
            await RecordingRows.BeginAsync(session, recording, owner, options.Value.EventRetention, cancellation);
        }

        await ResponseRows.AddAsync(session, kept, null, options.Value.Retention, cancellation);
        await session.CommitAsync(cancellation);
    }

    public async Task<StoredResponse?> FindAsync(ResponseScope scope, string id, CancellationToken cancellation) => await OpenAsync(await FindSealedAsync(scope, id, cancellation), cancellation);

    private async Task<StoredResponse?> FindSealedAsync(ResponseScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        var found = await OneAsync(session, scope, id, cancellation);
        if (found is null or { IsEnded: true })
        {
            return found;
        }

        await using var lose = session.Command(Lose, scope.Tenant, id, RunRows.Text(scope.KeyId), RunRows.Text(scope.User), LostResponse.Result, time.GetUtcNow(), recordings.Value.Lease);
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
        var chain = await SealedChainAsync(scope, id, most, cancellation);
        for (var place = 0; place < chain.Count; place++)
        {
            chain[place] = await seal.OpenAsync(chain[place], cancellation);
        }

        return chain.Count == 0 ? null : chain;
    }

    private async Task<List<StoredResponse>> SealedChainAsync(ResponseScope scope, string id, int most, CancellationToken cancellation)
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
            SELECT {ResponseRows.Columns} FROM chain JOIN agentsystem.responses AS x ON x.tenant_id = $1 AND x.id = chain.id ORDER BY chain.place DESC
            """,
            scope.Tenant, id, RunRows.Text(scope.KeyId), RunRows.Text(scope.User), most);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var chain = new List<StoredResponse>();
        while (await reader.ReadAsync(cancellation))
        {
            chain.Add(ResponseRows.Read(reader));
        }

        return chain;
    }

    public async Task<IReadOnlyList<StoredResponse>> ListAsync(ResponseScope scope, ResponseQuery query, CancellationToken cancellation)
    {
        var listed = await ListSealedAsync(scope, query, cancellation);
        for (var place = 0; place < listed.Count; place++)
        {
            listed[place] = await seal.OpenListedAsync(listed[place], cancellation);
        }

        return listed;
    }

    private async Task<List<StoredResponse>> ListSealedAsync(ResponseScope scope, ResponseQuery query, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            $"""
            SELECT {ResponseRows.Listed} FROM agentsystem.responses AS x
            WHERE x.tenant_id = $1 AND ($2::text IS NULL OR x.key_id = $2 OR x.user_name = $3) AND ($4::text IS NULL OR x.status = $4) AND ($5::timestamptz IS NULL OR (x.created_at, x.id) < ($5, $6))
            ORDER BY x.created_at DESC, x.id DESC LIMIT $7
            """,
            scope.Tenant, RunRows.Text(scope.KeyId), RunRows.Text(scope.User), RunRows.Text(query.Status is { } status ? RunRows.Word(status) : null),
            RunRows.Moment(query.After?.CreatedAt), RunRows.Text(query.After?.Id), query.Limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var found = new List<StoredResponse>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(ResponseRows.Read(reader));
        }

        return found;
    }

    public async Task<bool> EndAsync(string tenant, string id, ResponseEnd end, CancellationToken cancellation)
    {
        var kept = await seal.SealAsync(tenant, id, end, cancellation);
        await using var session = await database.OpenAsync(tenant, cancellation);
        var ended = await ResponseRows.EndAsync(session, tenant, id, kept, cancellation);
        await session.CommitAsync(cancellation);
        return ended;
    }

    public async Task<StoredResponse?> CancelAsync(ResponseScope scope, string id, CancellationToken cancellation) => await OpenAsync(await CancelSealedAsync(scope, id, cancellation), cancellation);

    private async Task<StoredResponse?> CancelSealedAsync(ResponseScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        if (await OneAsync(session, scope, id, cancellation) is { Background: true, IsEnded: false })
        {
            // The response ends with its run, by a trigger: whoever ends the run, the rule is one.
            await RunEndings.CancelAsync(session, new RunScope(scope.Tenant, null), ItemIds.RunOf(id), cancellation);
        }

        var found = await OneAsync(session, scope, id, cancellation);
        await session.CommitAsync(cancellation);
        return found;
    }

    public async Task<bool> DeleteAsync(ResponseScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        if (await OneAsync(session, scope, id, cancellation) is { Background: true, IsEnded: false })
        {
            // With the run ends what is below it; the row itself goes with the response, by a trigger.
            await RunEndings.CancelAsync(session, new RunScope(scope.Tenant, null), ItemIds.RunOf(id), cancellation);
        }

        await using var delete = session.Command($"DELETE FROM agentsystem.responses AS x WHERE {Mine} RETURNING coalesce(x.recording_id, '')", scope.Tenant, id, RunRows.Text(scope.KeyId), RunRows.Text(scope.User));
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
        foreach (var (tenant, id) in await ExpiredOpenAsync(most, cancellation))
        {
            // One that still waits for somebody is ended first, and with its run whatever that began.
            await using var ending = await database.OpenAsync(tenant, cancellation);
            await RunEndings.CancelAsync(ending, new RunScope(tenant, null), ItemIds.RunOf(id), cancellation);
            await ending.CommitAsync(cancellation);
        }

        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var delete = session.Command("SELECT agentsystem.delete_expired_responses($1)", most);
        var deleted = (int)(await delete.ExecuteScalarAsync(cancellation))!;
        await session.CommitAsync(cancellation);
        return deleted;
    }

    private async Task<List<(string Tenant, string Id)>> ExpiredOpenAsync(int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT tenant_id, id FROM agentsystem.expired_open_responses($1)", most);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var found = new List<(string, string)>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add((reader.GetString(0), reader.GetString(1)));
        }

        return found;
    }

    private async ValueTask<StoredResponse?> OpenAsync(StoredResponse? found, CancellationToken cancellation) => found is null ? null : await seal.OpenAsync(found, cancellation);

    private static async Task<StoredResponse?> OneAsync(TenantSession session, ResponseScope scope, string id, CancellationToken cancellation)
    {
        await using var select = session.Command($"SELECT {ResponseRows.Columns} FROM agentsystem.responses AS x WHERE {Mine}", scope.Tenant, id, RunRows.Text(scope.KeyId), RunRows.Text(scope.User));
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? ResponseRows.Read(reader) : null;
    }
}
