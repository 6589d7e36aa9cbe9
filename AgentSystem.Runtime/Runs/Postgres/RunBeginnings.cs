using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>How runs come into the queue, inside one transaction: conflicts on the thread are settled with it.</summary>
internal static class RunBeginnings
{
    public static async Task<RunSubmission> SubmitAsync(TenantSession session, NewRun run, DateTimeOffset now, CancellationToken cancellation)
    {
        var tenant = run.Caller.Tenant;
        if (run.Id is { } own && await FindAsync(session, tenant, own, cancellation) is { } begun)
        {
            return new RunSubmission(begun);
        }

        if (run.ThreadId is { } thread)
        {
            // One after the other: two that would both reject, or both interrupt, must see each other.
            await using var alone = session.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"agentsystem.runs/{tenant}/{thread}");
            await alone.ExecuteScalarAsync(cancellation);
            var open = run.OnConflict == ConflictPolicy.Enqueue ? [] : await OpenAsync(session, tenant, thread, cancellation);
            if (run.OnConflict == ConflictPolicy.Reject && open.Count > 0)
            {
                return new RunSubmission(null, open[0].Run.Id);
            }

            foreach (var (other, beginsThread) in open)
            {
                await StopAsync(session, other, beginsThread, run.OnConflict == ConflictPolicy.Interrupt, now, cancellation);
            }
        }

        // Last, because what stood in the way and was stopped above may have been the parent.
        var (place, problem) = await RunFamilies.PlaceAsync(session, run, cancellation);
        return problem is null
            ? new RunSubmission(await InsertAsync(session, run.Id ?? RunIds.New(now), run, place, now, cancellation))
            : new RunSubmission(null, Parent: problem);
    }

    /// <summary>Puts a run into the queue and tells its first event. Gives the run; null when there is one of that id already.</summary>
    public static RunWrite Insert(string id, NewRun run, RunPlace place, DateTimeOffset now) => new(
        run.Caller.Tenant,
        id,
        new(Begin),
        [
            run.Caller.Tenant, id, run.User, RunRows.Json(run.Caller), run.Agent, RunRows.Text(run.ThreadId), run.BeginsThread, run.Input,
            run.Priority, RunRows.Usd(run.BudgetUsd), RunRows.Text(run.Webhook), RunRows.Text(run.ScheduleId), now,
            RunRows.Text(place.ParentId), place.Depth, RunRows.Json(place.LimitsAbove),
        ],
        RunRows.Run);

    /// <summary>Null when the step is not there or not done.</summary>
    public static async Task<RunRecord?> ForkAsync(TenantSession session, RunRecord original, NewFork fork, DateTimeOffset now, CancellationToken cancellation)
    {
        // The steps a run has done are its first ones, up to the first that is not.
        await using var last = session.Command(
            """
            SELECT coalesce(min(index) FILTER (WHERE status <> 'done') - 1, max(index), 0) FROM agentsystem.run_steps WHERE tenant_id = $1 AND run_id = $2
            """,
            original.Tenant, original.Id);
        var done = (int)(await last.ExecuteScalarAsync(cancellation))!;
        var step = fork.Step ?? done;
        if (step < 0 || step > done)
        {
            return null;
        }

        var run = new NewRun(fork.Caller, original.User, original.Agent, original.Input) { ThreadId = original.ThreadId, BudgetUsd = original.BudgetUsd, Priority = original.Priority };
        // A fork is charged to the same runs as the first one was, so that nothing is got around by forking.
        var place = new RunPlace(original.ParentId, original.Depth, original.LimitsAbove);
        var forked = await InsertAsync(session, RunIds.New(now), run, place, now, cancellation);
        await using var take = session.Command(
            """
            INSERT INTO agentsystem.run_steps (tenant_id, run_id, index, key, kind, name, status, result, call_id, effect, arguments, arguments_hash, decision, started_at, finished_at)
            SELECT tenant_id, $3, index, key, kind, name, status, result, call_id, effect, arguments, arguments_hash, decision, started_at, finished_at
            FROM agentsystem.run_steps WHERE tenant_id = $1 AND run_id = $2 AND index <= $4
            """,
            original.Tenant, original.Id, forked.Id, step);
        await take.ExecuteNonQueryAsync(cancellation);
        await using var mark = session.Command(
            $"""
            UPDATE agentsystem.runs AS run SET forked_from = $2, fork_step = $4, steps = $4, agent_version = original.agent_version, thread_messages = original.thread_messages, begins_thread = original.begins_thread
            FROM (SELECT agent_version, thread_messages, begins_thread FROM agentsystem.runs WHERE tenant_id = $1 AND id = $2) AS original
            WHERE run.tenant_id = $1 AND run.id = $3
            """,
            original.Tenant, original.Id, forked.Id, step);
        await mark.ExecuteNonQueryAsync(cancellation);
        return await FindAsync(session, original.Tenant, forked.Id, cancellation);
    }

    private static async Task<RunRecord> InsertAsync(TenantSession session, string id, NewRun run, RunPlace place, DateTimeOffset now, CancellationToken cancellation)
    {
        var write = Insert(id, run, place, now);
        await using var insert = session.Command(write.Statement.Sql, write.Values);
        return await RunRows.OneAsync(insert, cancellation) ?? (await FindAsync(session, run.Caller.Tenant, id, cancellation))!;
    }

    /// <summary>Ends a run that stood in the way. The holder's next write is refused: the row no longer says it runs.</summary>
    private static async Task StopAsync(TenantSession session, RunRecord run, bool beginsThread, bool keep, DateTimeOffset now, CancellationToken cancellation)
    {
        var error = keep
            ? new RunError("interrupted", "Another run on the thread took its place; what it had done stays in the thread.")
            : new RunError("rolled_back", "Another run on the thread took its place; it left nothing in the thread.");
        await using var stop = session.Command(
            $"""
            UPDATE agentsystem.runs SET status = 'interrupted', error = $3, holder = NULL, lease_until = NULL, finished_at = clock_timestamp(),
                used = used + CASE WHEN status = 'running' THEN clock_timestamp() - held_at ELSE '0' END
            WHERE tenant_id = $1 AND id = $2 AND status IN ('pending', 'running', 'waiting') RETURNING {RunRows.Columns}
            """,
            run.Tenant, run.Id, RunRows.Json(error));
        if (await RunRows.OneAsync(stop, cancellation) is not { } stopped)
        {
            // It was below another one on this thread, and was cancelled with that.
            return;
        }

        await using var select = session.Command($"SELECT {RunRows.StepColumns} FROM agentsystem.run_steps WHERE tenant_id = $1 AND run_id = $2 ORDER BY index", run.Tenant, run.Id);
        var steps = await RunRows.StepsAsync(select, cancellation);
        if (keep && steps.Exists(static step => step.Status == StepStatus.Done))
        {
            await RunEndings.KeepAsync(session, stopped, beginsThread, StepMessages.Turn(stopped, steps), now, cancellation);
        }

        await RunEndings.TellAsync(session, stopped, cancellation);
        await RunEndings.StopAsync(session, stopped, cancellation);
        await RunFamilies.CancelBelowAsync(session, stopped, cancellation);
    }

    /// <summary>Runs on the thread that have not ended, the oldest first; locked, so that none of them ends meanwhile.</summary>
    private static async Task<List<(RunRecord Run, bool BeginsThread)>> OpenAsync(TenantSession session, string tenant, string thread, CancellationToken cancellation)
    {
        await using var select = session.Command(
            $"""
            SELECT {RunRows.Columns} FROM agentsystem.runs WHERE tenant_id = $1 AND thread_id = $2 AND status IN ('pending', 'running', 'waiting')
            ORDER BY created_at, id FOR UPDATE
            """,
            tenant, thread);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var open = new List<(RunRecord, bool)>();
        while (await reader.ReadAsync(cancellation))
        {
            var held = RunRows.Held(reader);
            open.Add((held.Run, held.BeginsThread));
        }

        return open;
    }

    private static async Task<RunRecord?> FindAsync(TenantSession session, string tenant, string id, CancellationToken cancellation)
    {
        await using var select = session.Command($"SELECT {RunRows.Columns} FROM agentsystem.runs WHERE tenant_id = $1 AND id = $2", tenant, id);
        return await RunRows.OneAsync(select, cancellation);
    }

    // Nobody can watch a run whose id is not known yet, so only workers are told.
    private const string Begin = $$"""
        WITH fresh AS (
            INSERT INTO agentsystem.runs (tenant_id, id, user_name, caller, agent, thread_id, begins_thread, input, status, priority, budget_usd, webhook, schedule_id, created_at, events, parent_run_id, depth, limits_above)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10, $11, $12, $13, 1, $14, $15, $16) ON CONFLICT DO NOTHING RETURNING {{RunRows.Columns}}
        ), told AS (
            INSERT INTO agentsystem.run_events (tenant_id, run_id, number, type, data, at)
            SELECT $1, fresh.id, 1, '{{RunEvents.Status}}', '{"status":"pending"}', clock_timestamp() FROM fresh
        ), woken AS (SELECT pg_notify('agentsystem_run_ready', '') FROM fresh)
        SELECT fresh.* FROM fresh, woken
        """;
}
