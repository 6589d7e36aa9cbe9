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

    /// <summary>True for a row <c>r</c> whose owner is silent for longer than the lease in <paramref name="parameter"/>.</summary>
    public static string IsStale(string parameter) => $"(r.state = 'open' AND r.heartbeat_at < clock_timestamp() - {parameter}::interval)";

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

    public static async Task BeginAsync(TenantSession session, RecordingKey key, string owner, TimeSpan retention, CancellationToken cancellation)
    {
        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.recordings (tenant_id, id, owner, state, events, heartbeat_at, created_at, expires_at)
            VALUES ($1, $2, $3, 'open', 0, clock_timestamp(), clock_timestamp(), clock_timestamp() + $4::interval)
            """,
            key.Tenant, key.Id, owner, retention);
        await insert.ExecuteNonQueryAsync(cancellation);
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

    public static NpgsqlParameter Column<T>(IEnumerable<T> values, NpgsqlDbType type) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
