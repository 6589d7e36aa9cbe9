using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Responses.Postgres;

/// <summary>Background responses in Postgres. Everything a holder does begins by locking the run's row where the token is still its own; then the response's row, then the recording's.</summary>
internal sealed class PostgresResponseRuns(RuntimeDatabase database, ISecretBox box, IOptions<ResponsesOptions> options, TimeProvider time) : IResponseRuns
{
    private readonly ResponseSeal seal = new(box);

    public async Task QueueAsync(StoredResponse response, string order, NewRun run, IReadOnlyList<ReadOnlyMemory<byte>> told, CancellationToken cancellation)
    {
        var kept = await seal.SealAsync(response, cancellation);
        var work = await seal.SealAsync(response.Tenant, response.Id, ResponseSeal.Work, order, cancellation);
        var block = await RecordingBlocks.SealAsync(box, response.RecordingKey!, 0, told, cancellation);
        await using var session = await database.OpenAsync(response.Tenant, cancellation);
        await RecordingRows.BeginAsync(session, response.RecordingKey!, told.Count, block, options.Value.EventRetention, cancellation);
        await ResponseRows.AddAsync(session, kept, work, options.Value.Retention, cancellation);
        await RunBeginnings.SubmitAsync(session, run, time.GetUtcNow(), cancellation);
        await session.CommitAsync(cancellation);
    }

    public async Task<TakenResponse?> TakeAsync(RunLease lease, string owner, CancellationToken cancellation)
    {
        var (response, order, blocks, term) = await TakeSealedAsync(lease, owner, cancellation);
        if (response is null || order is null)
        {
            return null;
        }

        var told = new List<ReadOnlyMemory<byte>>();
        foreach (var (first, payload) in blocks)
        {
            told.AddRange(await RecordingBlocks.OpenAsync(box, response.RecordingKey!, first, payload, cancellation));
        }

        return new TakenResponse(await seal.OpenAsync(response, cancellation), await seal.OpenAsync(response.Tenant, response.Id, ResponseSeal.Work, order, cancellation), told, term);
    }

    private async Task<(StoredResponse? Response, string? Order, IReadOnlyList<(int First, byte[] Payload)> Told, int Term)> TakeSealedAsync(RunLease lease, string owner, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(lease.Tenant, cancellation);
        if (!await HoldAsync(session, lease, cancellation))
        {
            return (null, null, [], 0);
        }

        await using var start = session.Command(
            $"""
            UPDATE agentsystem.responses AS x SET status = CASE WHEN x.status = 'queued' THEN 'in_progress' ELSE x.status END
            WHERE x.tenant_id = $1 AND x.id = $2 RETURNING {ResponseRows.Columns}, x.work
            """,
            lease.Tenant, ItemIds.ResponseOf(lease.RunId));
        var (response, order) = await ResponseRows.WithOrderAsync(start, cancellation);
        if (response is null or { IsEnded: true } || order is null)
        {
            return (response, order, [], 0);
        }

        var taken = await RecordingRows.TakeAsync(session, response.RecordingKey!, owner, cancellation);
        await session.CommitAsync(cancellation);
        return taken is { } given ? (response, order, given.Told, given.Term) : (null, null, [], 0);
    }

    public async Task<bool> FinishAsync(RunLease lease, ResponseEnd end, RecordingBatch last, CancellationToken cancellation)
    {
        var id = ItemIds.ResponseOf(lease.RunId)!;
        var kept = await seal.SealAsync(lease.Tenant, id, end, cancellation);
        var block = await RecordingBlocks.SealAsync(box, last.Key, last.First, last.Events, cancellation);
        await using var session = await database.OpenAsync(lease.Tenant, cancellation);
        if (!await HoldAsync(session, lease, cancellation) || !await ResponseRows.EndAsync(session, lease.Tenant, id, kept, cancellation)
            || !await RecordingRows.FinishAsync(session, last, block, cancellation))
        {
            return false;
        }

        await session.CommitAsync(cancellation);
        return true;
    }

    private static async Task<bool> HoldAsync(TenantSession session, RunLease lease, CancellationToken cancellation)
    {
        await using var hold = session.Command("SELECT 1 FROM agentsystem.runs WHERE tenant_id = $1 AND id = $2 AND token = $3 AND status = 'running' FOR UPDATE", lease.Tenant, lease.RunId, lease.Token);
        return await hold.ExecuteScalarAsync(cancellation) is not null;
    }
}
