using System.Collections.Frozen;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Recordings.Postgres;

/// <summary>Rows of recordings; also begins one inside somebody else's transaction.</summary>
internal static class RecordingRows
{
    /// <summary>The channel on which processes tell each other that a recording grew.</summary>
    public const string Channel = "agentsystem_recordings";

    /// <summary>True for a row <c>r</c> whose owner is silent for longer than the lease in <paramref name="parameter"/>, and which nobody else will go on with.</summary>
    public static string IsStale(string parameter) => $"(r.state = 'open' AND NOT r.resumable AND r.heartbeat_at < clock_timestamp() - {parameter}::interval)";

    private static readonly FrozenDictionary<string, RecordingState> States =
        Enum.GetValues<RecordingState>().ToFrozenDictionary(static state => Name(state), static state => state, StringComparer.Ordinal);

    public static string Name(RecordingState state) => state switch
    {
        RecordingState.Open => "open",
        RecordingState.Finished => "finished",
        RecordingState.Failed => "failed",
        _ => "abandoned",
    };

    public static RecordingState State(string name) => States[name];

    /// <summary>Begins an empty recording.</summary>
    /// <param name="user">On whose behalf, as runs name users; null where that is not known, or told by what refers to the recording.</param>
    public static async Task BeginAsync(TenantSession session, RecordingKey key, string owner, TimeSpan retention, CancellationToken cancellation, string? user = null)
    {
        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.recordings (tenant_id, id, owner, state, events, heartbeat_at, created_at, expires_at, user_name)
            VALUES ($1, $2, $3, 'open', 0, clock_timestamp(), clock_timestamp(), clock_timestamp() + $4::interval, $5)
            """,
            key.Tenant, key.Id, owner, retention, user);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Begins a recording that whoever takes it goes on with; its first events are told.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="key">Its name.</param>
    /// <param name="told">How many events are in the block.</param>
    /// <param name="block">See <see cref="RecordingBlocks"/>.</param>
    /// <param name="retention">How long it is kept.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task BeginAsync(TenantSession session, RecordingKey key, int told, byte[] block, TimeSpan retention, CancellationToken cancellation)
    {
        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.recordings (tenant_id, id, owner, state, events, heartbeat_at, created_at, expires_at, resumable)
            VALUES ($1, $2, '', 'open', $3, clock_timestamp(), clock_timestamp(), clock_timestamp() + $4::interval, true)
            """,
            key.Tenant, key.Id, told, retention);
        await insert.ExecuteNonQueryAsync(cancellation);
        await AddBlockAsync(session, key, 0, told, block, cancellation);
    }

    /// <summary>Gives a recording another owner, whatever the one before is still about to write; its blocks with the numbers of their first events, and the new owner's term. Null when it has ended.</summary>
    public static async Task<(IReadOnlyList<(int First, byte[] Payload)> Told, int Term)?> TakeAsync(TenantSession session, RecordingKey key, string owner, CancellationToken cancellation)
    {
        await using var take = session.Command(
            """
            UPDATE agentsystem.recordings SET owner = $3, term = term + 1, heartbeat_at = clock_timestamp()
            WHERE tenant_id = $1 AND id = $2 AND state = 'open' AND resumable RETURNING term
            """,
            key.Tenant, key.Id, owner);
        if (await take.ExecuteScalarAsync(cancellation) is not int term)
        {
            return null;
        }

        await using var select = session.Command("SELECT first, payload FROM agentsystem.recording_blocks WHERE tenant_id = $1 AND recording_id = $2 ORDER BY first", key.Tenant, key.Id);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var told = new List<(int, byte[])>();
        while (await reader.ReadAsync(cancellation))
        {
            told.Add((reader.GetInt32(0), reader.GetFieldValue<byte[]>(1)));
        }

        return (told, term);
    }

    /// <summary>Ends a recording with its last events, which stay as long from now on as its first ones would have; false when it is another's by now, or these events have another place.</summary>
    public static async Task<bool> FinishAsync(TenantSession session, RecordingBatch last, byte[] block, CancellationToken cancellation)
    {
        await using var update = session.Command(
            """
            UPDATE agentsystem.recordings SET state = $3, events = $4 + $5, ended_at = clock_timestamp(), expires_at = clock_timestamp() + (expires_at - created_at)
            WHERE tenant_id = $1 AND id = $2 AND state = 'open' AND term = $6 AND events = $4
            """,
            last.Key.Tenant, last.Key.Id, Name(last.End!.Value), last.First, last.Events.Count, last.Term);
        if (await update.ExecuteNonQueryAsync(cancellation) == 0)
        {
            return false;
        }

        await AddBlockAsync(session, last.Key, last.First, last.Events.Count, block, cancellation);
        await using var tell = session.Command("SELECT pg_notify($1, $2)", Channel, last.Key.Id);
        await tell.ExecuteScalarAsync(cancellation);
        return true;
    }

    /// <summary>Ends a recording that is not this process's to write: cancelled, or its owner given up.</summary>
    public static async Task EndAsync(TenantSession session, RecordingKey key, RecordingState state, CancellationToken cancellation)
    {
        await using var update = session.Command(
            $"UPDATE agentsystem.recordings SET state = $3, ended_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 AND state = 'open' RETURNING pg_notify('{Channel}', id)::text",
            key.Tenant, key.Id, Name(state));
        await update.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Removes a recording with its events, before its time.</summary>
    public static async Task RemoveAsync(TenantSession session, RecordingKey key, CancellationToken cancellation)
    {
        await using var delete = session.Command("DELETE FROM agentsystem.recordings WHERE tenant_id = $1 AND id = $2", key.Tenant, key.Id);
        await delete.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task AddBlockAsync(TenantSession session, RecordingKey key, int first, int count, byte[] block, CancellationToken cancellation)
    {
        await using var insert = session.Command(
            "INSERT INTO agentsystem.recording_blocks (tenant_id, recording_id, first, count, payload) VALUES ($1, $2, $3, $4, $5)", key.Tenant, key.Id, first, count, block);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    public static NpgsqlParameter Column<T>(IEnumerable<T> values, NpgsqlDbType type) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
