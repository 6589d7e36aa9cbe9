using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Recordings.Postgres;

/// <summary>Recordings in Postgres: a row each, and a row for each batch of events.</summary>
internal sealed class PostgresRecordingStore(RuntimeDatabase database, ISecretBox box, IOptions<RecordingsOptions> options) : IRecordingStore
{
    /// <summary>Most blocks of one page.</summary>
    private const int PageBlocks = 64;

    // A batch that is there already is passed over: the answer to an earlier commit was lost.
    private const string Write = $"""
        WITH batch AS (
            SELECT * FROM unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::bytea[], $7::text[], $8::int[]) AS b (tenant_id, id, first, count, payload, ending, term)
        ), kept AS (
            UPDATE agentsystem.recordings AS r
            SET events = b.first + b.count, state = coalesce(b.ending, r.state), heartbeat_at = clock_timestamp(),
                ended_at = CASE WHEN b.ending IS NOT NULL THEN coalesce(r.ended_at, clock_timestamp()) END
            FROM batch AS b
            WHERE r.tenant_id = b.tenant_id AND r.id = b.id AND r.owner = $1 AND r.term = b.term AND r.state IN ('open', b.ending) AND r.events IN (b.first, b.first + b.count)
            RETURNING r.tenant_id, r.id
        ), written AS (
            INSERT INTO agentsystem.recording_blocks (tenant_id, recording_id, first, count, payload)
            SELECT b.tenant_id, b.id, b.first, b.count, b.payload FROM batch AS b JOIN kept AS k ON k.tenant_id = b.tenant_id AND k.id = b.id
            WHERE b.count > 0 ON CONFLICT DO NOTHING
        )
        SELECT tenant_id, id, pg_notify('{RecordingRows.Channel}', id)::text FROM kept
        """;

    private const string Beat = """
        UPDATE agentsystem.recordings AS r SET heartbeat_at = clock_timestamp()
        FROM unnest($2::text[], $3::text[]) AS mine (tenant_id, id)
        WHERE r.tenant_id = mine.tenant_id AND r.id = mine.id AND r.owner = $1 AND r.state = 'open'
        RETURNING r.tenant_id, r.id
        """;

    private static readonly string Read = $"""
        SELECT r.events, r.state, {RecordingRows.IsStale("$5")}, b.first, b.payload
        FROM agentsystem.recordings AS r
        LEFT JOIN LATERAL (
            SELECT block.first, block.payload FROM agentsystem.recording_blocks AS block
            WHERE block.tenant_id = $1 AND block.recording_id = $2 AND block.first + block.count > $3 AND block.first >= coalesce((
                SELECT max(before.first) FROM agentsystem.recording_blocks AS before
                WHERE before.tenant_id = $1 AND before.recording_id = $2 AND before.first <= $3), 0)
            ORDER BY block.first LIMIT $4
        ) AS b ON true
        WHERE r.tenant_id = $1 AND r.id = $2 ORDER BY b.first
        """;

    public async Task BeginAsync(RecordingKey key, string owner, TimeSpan retention, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(key.Tenant, cancellation);
        await RecordingRows.BeginAsync(session, key, owner, retention, cancellation);
        await session.CommitAsync(cancellation);
    }

    public async Task<IReadOnlySet<RecordingKey>> WriteAsync(string owner, IReadOnlyCollection<RecordingBatch> all, CancellationToken cancellation)
    {
        var (batches, blocks) = await SealAsync(all, cancellation);
        if (batches.Count == 0)
        {
            return new HashSet<RecordingKey>();
        }

        await using var session = await OpenAsync(batches.Select(static batch => batch.Key), cancellation);
        await using var write = session.Command(
            Write,
            owner,
            RecordingRows.Column(batches.Select(static batch => batch.Key.Tenant), NpgsqlDbType.Text),
            RecordingRows.Column(batches.Select(static batch => batch.Key.Id), NpgsqlDbType.Text),
            RecordingRows.Column(batches.Select(static batch => batch.First), NpgsqlDbType.Integer),
            RecordingRows.Column(batches.Select(static batch => batch.Events.Count), NpgsqlDbType.Integer),
            RecordingRows.Column(blocks, NpgsqlDbType.Bytea),
            RecordingRows.Column(batches.Select(static batch => batch.End is { } end ? RecordingRows.Name(end) : null), NpgsqlDbType.Text),
            RecordingRows.Column(batches.Select(static batch => batch.Term), NpgsqlDbType.Integer));
        var kept = await KeysAsync(write, cancellation);
        await session.CommitAsync(cancellation);
        return kept;
    }

    public async Task<IReadOnlySet<RecordingKey>> BeatAsync(string owner, IReadOnlyCollection<RecordingKey> open, CancellationToken cancellation)
    {
        await using var session = await OpenAsync(open, cancellation);
        await using var beat = session.Command(
            Beat, owner, RecordingRows.Column(open.Select(static key => key.Tenant), NpgsqlDbType.Text), RecordingRows.Column(open.Select(static key => key.Id), NpgsqlDbType.Text));
        var alive = await KeysAsync(beat, cancellation);
        await session.CommitAsync(cancellation);
        return alive;
    }

    public async Task<RecordedPage?> ReadAsync(RecordingKey key, int from, CancellationToken cancellation)
    {
        RecordedPage? page;
        List<(int First, byte[] Payload)> blocks;
        await using (var session = await database.OpenAsync(key.Tenant, cancellation))
        {
            (page, blocks, var stale) = await ReadAsync(session, key, from, cancellation);
            if (stale)
            {
                await AbandonAsync(session, key, cancellation);
                (page, blocks, _) = await ReadAsync(session, key, from, cancellation);
                await session.CommitAsync(cancellation);
            }
        }

        // Opened when the connection is free again: it may take one to get the key.
        var events = new List<ReadOnlyMemory<byte>>();
        foreach (var (first, payload) in blocks)
        {
            events.AddRange((await RecordingBlocks.OpenAsync(box, key, first, payload, cancellation)).Skip(Math.Max(0, from - first)));
        }

        return page is null ? null : page with { Events = events };
    }

    /// <summary>A batch of a tenant whose key cannot be had is left out, and so told as not kept: the other tenants' do not wait for it.</summary>
    private async Task<(List<RecordingBatch> Batches, List<byte[]> Blocks)> SealAsync(IReadOnlyCollection<RecordingBatch> batches, CancellationToken cancellation)
    {
        var (kept, blocks) = (new List<RecordingBatch>(batches.Count), new List<byte[]>(batches.Count));
        foreach (var batch in batches)
        {
            try
            {
                blocks.Add(await RecordingBlocks.SealAsync(box, batch.Key, batch.First, batch.Events, cancellation));
                kept.Add(batch);
            }
            catch (SealException)
            {
                // Its reader learns the cure where it asks.
            }
        }

        return (kept, blocks);
    }

    private async Task AbandonAsync(TenantSession session, RecordingKey key, CancellationToken cancellation)
    {
        await using var abandon = session.Command(
            $"UPDATE agentsystem.recordings AS r SET state = 'abandoned', ended_at = clock_timestamp() WHERE r.tenant_id = $1 AND r.id = $2 AND {RecordingRows.IsStale("$3")}",
            key.Tenant, key.Id, options.Value.Lease);
        await abandon.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<int> DeleteExpiredAsync(int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var delete = session.Command("SELECT agentsystem.delete_expired_recordings($1)", most);
        var deleted = (int)(await delete.ExecuteScalarAsync(cancellation))!;
        await session.CommitAsync(cancellation);
        return deleted;
    }

    private async Task<(RecordedPage? Page, List<(int First, byte[] Payload)> Blocks, bool Stale)> ReadAsync(TenantSession session, RecordingKey key, int from, CancellationToken cancellation)
    {
        await using var select = session.Command(Read, key.Tenant, key.Id, from, PageBlocks, options.Value.Lease);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        RecordedPage? page = null;
        var (blocks, stale) = (new List<(int, byte[])>(), false);
        while (await reader.ReadAsync(cancellation))
        {
            page ??= new RecordedPage(from, [], reader.GetInt32(0), RecordingRows.State(reader.GetString(1)));
            stale = reader.GetBoolean(2);
            if (!reader.IsDBNull(3))
            {
                blocks.Add((reader.GetInt32(3), reader.GetFieldValue<byte[]>(4)));
            }
        }

        return (page, blocks, stale);
    }

    private Task<TenantSession> OpenAsync(IEnumerable<RecordingKey> keys, CancellationToken cancellation) =>
        database.OpenBatchAsync([.. keys.Select(static key => key.Tenant).Distinct(StringComparer.Ordinal)], cancellation);

    private static async Task<HashSet<RecordingKey>> KeysAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var keys = new HashSet<RecordingKey>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(new RecordingKey(reader.GetString(0), reader.GetString(1)));
        }

        return keys;
    }
}
