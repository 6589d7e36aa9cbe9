using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>
/// The journal in Postgres. Each write is one statement that begins by updating the run's row where the token is still the holder's: that locks the row, so a claim waits for it
/// or it for the claim, and a holder whose token is old changes nothing. Writes of several runs share a commit (<see cref="RunWriter"/>).
/// </summary>
internal sealed class PostgresRunLog(RuntimeDatabase database, RunWriter writer, TimeProvider time) : IRunLog
{
    private const string Mine = "tenant_id = $1 AND id = $2 AND token = $3 AND status = 'running'";

    public async Task<IReadOnlyList<RunStep>> ReadAsync(RunLease lease, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(lease.Tenant, cancellation);
        await using var select = session.Command($"SELECT {RunRows.StepColumns} FROM agentsystem.run_steps WHERE tenant_id = $1 AND run_id = $2 ORDER BY index", lease.Tenant, lease.RunId);
        return await RunRows.StepsAsync(select, cancellation);
    }

    public async Task<bool> StartAsync(RunLease lease, int agentVersion, int threadMessages, CancellationToken cancellation) =>
        await WriteAsync(
            lease,
            new($"UPDATE agentsystem.runs SET agent_version = coalesce(agent_version, $4), thread_messages = coalesce(thread_messages, $5), seen_at = clock_timestamp() WHERE {Mine} RETURNING 1"),
            [agentVersion, threadMessages],
            cancellation) is not null;

    public Task<int?> BeginAsync(RunLease lease, StepBegin begin, CancellationToken cancellation) => WriteAsync(RunSteps.Write(lease, null, begin), cancellation);

    public async Task<bool> EndAsync(RunLease lease, StepEnd end, CancellationToken cancellation) => await WriteAsync(RunSteps.Write(lease, end, null), cancellation) is not null;

    public Task<int?> AdvanceAsync(RunLease lease, StepEnd end, StepBegin next, CancellationToken cancellation) => WriteAsync(RunSteps.Write(lease, end, next), cancellation);

    public async Task<bool> DeltaAsync(RunLease lease, int index, string text, CancellationToken cancellation) =>
        await WriteAsync(RunSteps.Write(lease, null, null, (index, text)), cancellation) is not null;

    public async Task<bool> WaitAsync(RunLease lease, StepBegin call, bool unknown, CancellationToken cancellation) =>
        await WriteAsync(lease, new(Wait), [.. Step(call), unknown ? "unknown" : "planned", unknown ? "unknown" : "approval"], cancellation) is not null;

    public async Task<bool> ReleaseAsync(RunLease lease, TimeSpan after, bool counts, CancellationToken cancellation) =>
        await WriteAsync(lease, new(Release), [after, counts, after > TimeSpan.Zero], cancellation) is not null;

    public async Task<bool> FinishAsync(RunLease lease, RunEnd end, CancellationToken cancellation)
    {
        if (end.Turn is null)
        {
            var status = RunRows.Word(end.Status);
            return await WriteAsync(
                lease,
                RunFinish.Statement,
                [status, end.Output, end.Error is null ? null : StoredJson.Write(end.Error), end.Dead, StoredJson.Write(new { Status = status }), StoredJson.Write(new { Status = status, end.Output, end.Error })],
                cancellation) is not null;
        }

        await using var session = await database.OpenAsync(lease.Tenant, cancellation);
        await using var finish = session.Command(
            $"""
            UPDATE agentsystem.runs SET status = $4, output = $5, error = $6, holder = NULL, lease_until = NULL, used = used + (clock_timestamp() - held_at),
                seen_at = clock_timestamp(), finished_at = clock_timestamp(), dead_at = CASE WHEN $7 THEN clock_timestamp() END
            WHERE {Mine} RETURNING {RunRows.Columns}
            """,
            lease.Tenant, lease.RunId, lease.Token, RunRows.Word(end.Status), RunRows.Text(end.Output), RunRows.Json(end.Error), end.Dead);
        HeldRun run;
        await using (var reader = await finish.ExecuteReaderAsync(cancellation))
        {
            if (!await reader.ReadAsync(cancellation))
            {
                return false;
            }

            run = RunRows.Held(reader);
        }

        await RunEndings.KeepAsync(session, run.Run, run.BeginsThread, end.Turn, time.GetUtcNow(), cancellation);
        await RunEndings.TellAsync(session, run.Run, cancellation);
        await session.CommitAsync(cancellation);
        return true;
    }

    private static object?[] Step(StepBegin begin) =>
    [
        begin.Key, RunRows.Word(begin.Kind), begin.Name, RunRows.Text(begin.Call?.Id), RunRows.Text(begin.Call is { } call ? RunRows.Word(call.Effect) : null),
        RunRows.Text(begin.Call?.Arguments), RunRows.Text(begin.Call?.ArgumentsHash),
    ];

    private async Task<int?> WriteAsync(RunLease lease, RunStatement statement, IReadOnlyList<object?> values, CancellationToken cancellation) =>
        await WriteAsync(RunWrite.Number(lease.Tenant, lease.RunId, statement, [lease.Tenant, lease.RunId, lease.Token, .. values]), cancellation);

    private async Task<int?> WriteAsync(RunWrite write, CancellationToken cancellation) => (int?)await writer.WriteAsync(write, cancellation);

    private const string Tell = "SELECT pg_notify('agentsystem_run_changed', $2)";

    private const string Insert = "INSERT INTO agentsystem.run_events (tenant_id, run_id, number, type, data, at)";

    // A decision holds once: a call whose outcome was lost again is decided again.
    private const string Wait = $$"""
        WITH old AS (SELECT index FROM agentsystem.run_steps WHERE tenant_id = $1 AND run_id = $2 AND key = $4),
        held AS (
            UPDATE agentsystem.runs SET status = 'waiting', holder = NULL, lease_until = NULL, attempts = 0, used = used + (clock_timestamp() - held_at), seen_at = clock_timestamp(),
                events = events + 2, steps = steps + CASE WHEN EXISTS (SELECT FROM old) THEN 0 ELSE 1 END
            WHERE {{Mine}} RETURNING events, steps
        ), step AS (
            INSERT INTO agentsystem.run_steps AS step (tenant_id, run_id, index, key, kind, name, status, call_id, effect, arguments, arguments_hash, started_at)
            SELECT $1, $2, coalesce((SELECT index FROM old), held.steps), $4, $5, $6, $11, $7, $8, $9, $10, clock_timestamp() FROM held
            ON CONFLICT (tenant_id, run_id, key) DO UPDATE SET status = excluded.status, arguments = excluded.arguments, arguments_hash = excluded.arguments_hash, decision = NULL
            RETURNING index
        ), told AS (
            {{Insert}} SELECT $1, $2, held.events - 1, 'approval.required', json_build_object('index', step.index, 'call_id', $7, 'tool', $6, 'effect', $8, 'arguments', $9::json,
                'arguments_hash', $10, 'reason', $12::text)::text, clock_timestamp() FROM held, step
        ), stands AS (
            {{Insert}} SELECT $1, $2, held.events, 'run.status', '{"status":"waiting"}', clock_timestamp() FROM held
        ), notified AS ({{Tell}} FROM held)
        SELECT step.index FROM step, notified
        """;

    private const string Release = $$"""
        WITH held AS (
            UPDATE agentsystem.runs SET status = 'pending', holder = NULL, lease_until = NULL, used = used + (clock_timestamp() - held_at), seen_at = clock_timestamp(), due_at = clock_timestamp() + $4,
                attempts = CASE WHEN $5 THEN attempts ELSE greatest(attempts - 1, 0) END, events = events + 1
            WHERE {{Mine}} RETURNING events
        ), told AS (
            {{Insert}} SELECT $1, $2, held.events, 'run.status', '{"status":"pending"}', clock_timestamp() FROM held
        ), notified AS ({{Tell}} FROM held),
        woken AS (SELECT pg_notify('agentsystem_run_ready', '') FROM held WHERE NOT $6)
        SELECT 1 FROM notified LEFT JOIN woken ON true
        """;
}
