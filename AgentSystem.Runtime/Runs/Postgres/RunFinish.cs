using NpgsqlTypes;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>The end of a run that adds nothing to a thread, in one statement for many runs; who waits for the thread is woken as well.</summary>
internal static class RunFinish
{
    /// <summary>Tenant, run, token, status, output, error, whether it is a dead letter, and what its last two events say.</summary>
    public static RunStatement Statement { get; } = new(
        Many,
        [
            NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Jsonb, NpgsqlDbType.Boolean, NpgsqlDbType.Text, NpgsqlDbType.Text,
        ]);

    private const string Set = """
        status = ended.status, output = ended.output, error = ended.error, holder = NULL, lease_until = NULL, used = used + (clock_timestamp() - held_at),
                seen_at = clock_timestamp(), finished_at = clock_timestamp(), dead_at = CASE WHEN ended.dead THEN clock_timestamp() END, events = events + 2
            FROM ended WHERE run.tenant_id = ended.tenant_id AND run.id = ended.run_id AND run.token = ended.token AND run.status = 'running'
            RETURNING run.tenant_id, run.id, run.events, run.thread_id, ended.place, ended.stands, ended.ends
        """;

    private const string Many = $"""
        WITH ended (tenant_id, run_id, token, status, output, error, dead, stands, ends, place) AS (SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)),
        held AS (
            UPDATE agentsystem.runs AS run SET {Set}
        ), lost AS (
            UPDATE agentsystem.run_steps AS step SET status = 'unknown' FROM held WHERE step.tenant_id = held.tenant_id AND step.run_id = held.id AND step.status IN ('running', 'started')
        ), told AS (
            INSERT INTO agentsystem.run_events (tenant_id, run_id, number, type, data, at)
            SELECT held.tenant_id, held.id, held.events - 1, '{RunEvents.Status}', held.stands, clock_timestamp() FROM held
            UNION ALL SELECT held.tenant_id, held.id, held.events, '{RunEvents.Finished}', held.ends, clock_timestamp() FROM held
        ), notified AS (SELECT count(pg_notify('agentsystem_run_changed', held.id)) FROM held),
        woken AS (SELECT count(pg_notify('agentsystem_run_ready', '')) FROM held WHERE held.thread_id IS NOT NULL)
        SELECT held.place FROM held, notified, woken
        """;
}
