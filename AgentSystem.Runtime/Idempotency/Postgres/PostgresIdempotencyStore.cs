using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Idempotency.Postgres;

/// <summary>Idempotent requests in Postgres: the primary key decides who was first, the row's lock who takes over.</summary>
internal sealed class PostgresIdempotencyStore(RuntimeDatabase database, Recorder recorder, IOptions<IdempotencyOptions> options, IOptions<RecordingsOptions> recordings) : IIdempotencyStore
{
    private static readonly string Found = $"""
        SELECT request.body_hash = $3, r.id, r.expires_at <= clock_timestamp(),
            r.state IN ('failed', 'abandoned') OR {RecordingRows.IsStale("$4")}
        FROM agentsystem.idempotent_requests AS request
        JOIN agentsystem.recordings AS r ON r.tenant_id = request.tenant_id AND r.id = request.recording_id
        WHERE request.tenant_id = $1 AND request.scope = $2 FOR UPDATE OF request
        """;

    public async Task<Claim> ClaimAsync(IdempotentRequest request, string owner, CancellationToken cancellation)
    {
        while (true)
        {
            await using var session = await database.OpenAsync(request.Tenant, cancellation);
            // Whoever inserts at the same moment waits here for the other's commit.
            var mine = new RecordingKey(request.Tenant, recorder.NewId());
            await using var insert = session.Command(
                "INSERT INTO agentsystem.idempotent_requests (tenant_id, scope, body_hash, recording_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                request.Tenant, request.Scope, request.Body, mine.Id);
            var claim = await insert.ExecuteNonQueryAsync(cancellation) == 1
                ? await TakeAsync(session, mine, request.User, owner, cancellation)
                : await LookAsync(session, request, mine, owner, cancellation);
            if (claim is not null)
            {
                await session.CommitAsync(cancellation);
                return claim;
            }

            // It was deleted between the two statements: its time was over.
        }
    }

    private async Task<Claim?> LookAsync(TenantSession session, IdempotentRequest request, RecordingKey mine, string owner, CancellationToken cancellation)
    {
        await using var select = session.Command(Found, request.Tenant, request.Scope, request.Body, recordings.Value.Lease);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return null;
        }

        var (sameBody, theirs, expired, free) = (reader.GetBoolean(0), new RecordingKey(request.Tenant, reader.GetString(1)), reader.GetBoolean(2), reader.GetBoolean(3));
        await reader.CloseAsync();
        if (!sameBody && !expired)
        {
            return new Claim.OtherBody();
        }

        if (!free && !expired)
        {
            return new Claim.Recorded(theirs);
        }

        // A producer that is only paused learns from its next write that this is no longer its request.
        await RecordingRows.EndAsync(session, theirs, RecordingState.Abandoned, cancellation);
        await using var replace = session.Command(
            "UPDATE agentsystem.idempotent_requests SET body_hash = $3, recording_id = $4 WHERE tenant_id = $1 AND scope = $2", request.Tenant, request.Scope, request.Body, mine.Id);
        await replace.ExecuteNonQueryAsync(cancellation);
        return await TakeAsync(session, mine, request.User, owner, cancellation);
    }

    private async Task<Claim> TakeAsync(TenantSession session, RecordingKey mine, string? user, string owner, CancellationToken cancellation)
    {
        await RecordingRows.BeginAsync(session, mine, owner, options.Value.Retention, cancellation, user);
        return new Claim.Taken(mine);
    }
}
