using System.Text.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>Runs in Postgres, as their owners see them. How they are begun stands in <see cref="RunBeginnings"/>.</summary>
internal sealed class PostgresRunStore(RuntimeDatabase database, RunWriter writer, TimeProvider time) : IRunStore
{
    private const string Mine = "tenant_id = $1 AND id = $2 AND ($3::text IS NULL OR user_name = $3)";

    public async Task<RunSubmission> SubmitAsync(NewRun run, CancellationToken cancellation)
    {
        // With neither a thread nor a parent there is nothing to settle first: one statement, which shares its commit with others.
        var now = time.GetUtcNow();
        if (run is { ThreadId: null, ParentId: null } && await writer.WriteAsync(RunBeginnings.Insert(run.Id ?? RunIds.New(now), run, RunPlace.Top, now), cancellation) is RunRecord begun)
        {
            return new RunSubmission(begun);
        }

        await using var session = await database.OpenAsync(run.Caller.Tenant, cancellation);
        var submission = await RunBeginnings.SubmitAsync(session, run, now, cancellation);
        if (submission.Parent is null)
        {
            await session.CommitAsync(cancellation);
        }

        return submission;
    }

    public async Task<RunRecord?> FindAsync(RunScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command($"SELECT {RunRows.Columns} FROM agentsystem.runs WHERE {Mine}", scope.Tenant, id, RunRows.Text(scope.User));
        return await RunRows.OneAsync(select, cancellation);
    }

    public async Task<IReadOnlyList<RunRecord>> ListAsync(RunScope scope, RunQuery query, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            $"""
            SELECT {RunRows.Columns} FROM agentsystem.runs
            WHERE tenant_id = $1 AND ($2::text IS NULL OR user_name = $2) AND ($3::text IS NULL OR status = $3) AND ($4::text IS NULL OR agent = $4) AND ($5::text IS NULL OR thread_id = $5)
                AND (NOT $6 OR dead_at IS NOT NULL) AND ($7::timestamptz IS NULL OR (created_at, id) < ($7, $8)) AND ($10::text IS NULL OR parent_run_id = $10)
            ORDER BY created_at DESC, id DESC LIMIT $9
            """,
            scope.Tenant, RunRows.Text(scope.User), RunRows.Text(query.Status is { } status ? RunRows.Word(status) : null), RunRows.Text(query.Agent), RunRows.Text(query.ThreadId),
            query.Dead, RunRows.Moment(query.After?.CreatedAt), RunRows.Text(query.After?.Id), query.Limit, RunRows.Text(query.ParentId));
        return await RunRows.ManyAsync(select, cancellation);
    }

    public async Task<IReadOnlyList<RunStep>> StepsAsync(RunScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            $"SELECT {RunRows.StepColumns} FROM agentsystem.run_steps WHERE tenant_id = $1 AND run_id = $2 AND EXISTS (SELECT FROM agentsystem.runs WHERE {Mine}) ORDER BY index",
            scope.Tenant, id, RunRows.Text(scope.User));
        return await RunRows.StepsAsync(select, cancellation);
    }

    public async Task<IReadOnlyList<RunEvent>> EventsAsync(RunScope scope, string id, long after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            $"""
            SELECT number, type, data, at FROM agentsystem.run_events
            WHERE tenant_id = $1 AND run_id = $2 AND number > $4 AND EXISTS (SELECT FROM agentsystem.runs WHERE {Mine}) ORDER BY number LIMIT $5
            """,
            scope.Tenant, id, RunRows.Text(scope.User), after, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var events = new List<RunEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            using var data = JsonDocument.Parse(reader.GetString(2));
            events.Add(new RunEvent(reader.GetInt64(0), reader.GetString(1), data.RootElement.Clone(), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return events;
    }

    public async Task<RunRecord?> CancelAsync(RunScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        if (await RunEndings.CancelAsync(session, scope, id, cancellation) is not { } run)
        {
            // None, or it has ended.
            await using var select = session.Command($"SELECT {RunRows.Columns} FROM agentsystem.runs WHERE {Mine}", scope.Tenant, id, RunRows.Text(scope.User));
            return await RunRows.OneAsync(select, cancellation);
        }

        await session.CommitAsync(cancellation);
        return run;
    }

    public async Task<DecisionOutcome> DecideAsync(RunScope scope, string id, NewDecision decision, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command($"SELECT {RunRows.Columns} FROM agentsystem.runs WHERE {Mine} FOR UPDATE", scope.Tenant, id, RunRows.Text(scope.User));
        if (await RunRows.OneAsync(select, cancellation) is not { } run)
        {
            return new DecisionOutcome(null, false);
        }

        await using var decide = session.Command(
            """
            UPDATE agentsystem.run_steps SET decision = $3
            WHERE tenant_id = $1 AND run_id = $2 AND status IN ('planned', 'unknown') AND call_id IS NOT NULL AND decision IS NULL
                AND ($4::text IS NULL OR call_id = $4) AND ($5::text IS NULL OR arguments_hash = $5)
            """,
            scope.Tenant, id, RunRows.Json(new CallDecision(decision.Approved, decision.Reason, decision.By, time.GetUtcNow())), RunRows.Text(decision.CallId), RunRows.Text(decision.ArgumentsHash));
        if (run.Status != RunStatus.Waiting || await decide.ExecuteNonQueryAsync(cancellation) == 0)
        {
            return new DecisionOutcome(run, false);
        }

        return new DecisionOutcome(await RequeueAsync(session, run, cancellation), true);
    }

    public async Task<ForkOutcome> ForkAsync(RunScope scope, string id, NewFork fork, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command($"SELECT {RunRows.Columns} FROM agentsystem.runs WHERE {Mine}", scope.Tenant, id, RunRows.Text(scope.User));
        if (await RunRows.OneAsync(select, cancellation) is not { } original)
        {
            return new ForkOutcome(null, false);
        }

        var forked = await RunBeginnings.ForkAsync(session, original, fork, time.GetUtcNow(), cancellation);
        await session.CommitAsync(cancellation);
        return new ForkOutcome(forked, true);
    }

    public async Task<RunRecord?> RetryAsync(RunScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command($"SELECT {RunRows.Columns} FROM agentsystem.runs WHERE {Mine} AND dead_at IS NOT NULL FOR UPDATE", scope.Tenant, id, RunRows.Text(scope.User));
        return await RunRows.OneAsync(select, cancellation) is { } run ? await RequeueAsync(session, run, cancellation) : null;
    }

    public async Task<bool> DiscardAsync(RunScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var discard = session.Command($"UPDATE agentsystem.runs SET dead_at = NULL WHERE {Mine} AND dead_at IS NOT NULL", scope.Tenant, id, RunRows.Text(scope.User));
        var found = await discard.ExecuteNonQueryAsync(cancellation) > 0;
        await session.CommitAsync(cancellation);
        return found;
    }

    private static async Task<RunRecord> RequeueAsync(TenantSession session, RunRecord run, CancellationToken cancellation)
    {
        await using var requeue = session.Command(
            $"""
            UPDATE agentsystem.runs SET status = 'pending', error = NULL, attempts = 0, due_at = clock_timestamp(), finished_at = NULL, dead_at = NULL
            WHERE tenant_id = $1 AND id = $2 RETURNING {RunRows.Columns}
            """,
            run.Tenant, run.Id);
        var queued = (await RunRows.OneAsync(requeue, cancellation))!;
        await RunEndings.TellAsync(session, queued, RunEvents.Status, new { Status = RunRows.Word(queued.Status) }, cancellation);
        await RunEndings.WakeAsync(session, cancellation);
        await session.CommitAsync(cancellation);
        return queued;
    }
}
