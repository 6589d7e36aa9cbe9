using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threads;
using AgentSystem.Runtime.Threads.Postgres;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>What is the same however a run ends, inside the transaction that ends it.</summary>
internal static class RunEndings
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <summary>Marks what was under way as lost, tells the end, and wakes those that wait for the thread. The run's row says the end already.</summary>
    public static async Task TellAsync(TenantSession session, RunRecord run, CancellationToken cancellation)
    {
        await using var lost = session.Command(
            "UPDATE agentsystem.run_steps SET status = 'unknown' WHERE tenant_id = $1 AND run_id = $2 AND status IN ('running', 'started')", run.Tenant, run.Id);
        await lost.ExecuteNonQueryAsync(cancellation);
        var status = RunRows.Word(run.Status);
        await TellAsync(session, run, RunEvents.Status, new { Status = status }, cancellation);
        await TellAsync(session, run, RunEvents.Finished, new { Status = status, run.Output, run.Error }, cancellation);
        await WakeAsync(session, cancellation);
    }

    public static async Task TellAsync(TenantSession session, RunRecord run, string type, object data, CancellationToken cancellation)
    {
        await using var tell = session.Command("SELECT agentsystem.tell_run($1, $2, $3, $4)", run.Tenant, run.Id, type, StoredJson.Write(data));
        await tell.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Wakes a worker when the transaction commits.</summary>
    public static async Task WakeAsync(TenantSession session, CancellationToken cancellation)
    {
        await using var wake = session.Command("SELECT pg_notify('agentsystem_run_ready', '')");
        await wake.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Tells the holder of a run, wherever it is, to stop; it could write nothing more anyway.</summary>
    public static async Task StopAsync(TenantSession session, RunRecord run, CancellationToken cancellation)
    {
        await using var stop = session.Command("SELECT pg_notify('agentsystem_run_stopped', $1)", run.Id);
        await stop.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Cancels a run that has not ended, and whatever is below it; null when there is none, or it has.</summary>
    public static async Task<RunRecord?> CancelAsync(TenantSession session, RunScope scope, string id, CancellationToken cancellation)
    {
        await using var cancel = session.Command(
            $"""
            UPDATE agentsystem.runs SET status = 'cancelled', error = $4, holder = NULL, lease_until = NULL, finished_at = clock_timestamp(),
                used = used + CASE WHEN status = 'running' THEN clock_timestamp() - held_at ELSE '0' END
            WHERE tenant_id = $1 AND id = $2 AND ($3::text IS NULL OR user_name = $3) AND status IN ('pending', 'running', 'waiting') RETURNING {RunRows.Columns}
            """,
            scope.Tenant, id, RunRows.Text(scope.User), RunRows.Json(new RunError("cancelled", "The run was cancelled.")));
        if (await RunRows.OneAsync(cancel, cancellation) is not { } run)
        {
            return null;
        }

        await TellAsync(session, run, cancellation);
        await StopAsync(session, run, cancellation);
        await RunFamilies.CancelBelowAsync(session, run, cancellation);
        return run;
    }

    /// <summary>Adds a turn to the run's thread, which is begun if the run was to begin it. A thread that was deleted meanwhile stays deleted.</summary>
    public static async Task KeepAsync(TenantSession session, RunRecord run, bool beginsThread, NewTurn turn, DateTimeOffset now, CancellationToken cancellation)
    {
        if (run.ThreadId is not { } thread || turn.Messages.Count == 0)
        {
            return;
        }

        var scope = new ThreadScope(run.Tenant, null);
        if (await PostgresThreadStore.AppendAsync(session, scope, thread, turn, now, cancellation) is null && beginsThread)
        {
            await PostgresThreadStore.AddAsync(session, thread, new NewThread(run.Tenant, run.User, run.Agent, turn.Title, NoMetadata), now, cancellation);
            await PostgresThreadStore.AppendAsync(session, scope, thread, turn, now, cancellation);
        }
    }
}
