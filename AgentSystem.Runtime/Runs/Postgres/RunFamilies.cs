using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>Runs above and below one another.</summary>
internal static class RunFamilies
{
    private static readonly RunError ParentStopped = new("parent_stopped", "The run that began this one was cancelled, or another took its place.");

    /// <summary>Where a new run stands. The parent's row is held until the run is in the queue: it cannot end, or be cancelled, without its child being seen.</summary>
    public static async Task<(RunPlace Place, ParentProblem? Problem)> PlaceAsync(TenantSession session, NewRun run, CancellationToken cancellation)
    {
        if (run.ParentId is not { } id)
        {
            return (RunPlace.Top, null);
        }

        await using var select = session.Command(
            $"SELECT {RunRows.Columns} FROM agentsystem.runs WHERE tenant_id = $1 AND id = $2 AND user_name = $3 FOR SHARE", run.Caller.Tenant, id, run.User);
        if (await RunRows.OneAsync(select, cancellation) is not { } parent)
        {
            return (RunPlace.Top, ParentProblem.Missing);
        }

        if (parent.HasEnded || parent.Depth >= run.MostDepth)
        {
            return (RunPlace.Top, parent.HasEnded ? ParentProblem.Ended : ParentProblem.TooDeep);
        }

        var limits = parent.BudgetUsd is { } usd ? [.. parent.LimitsAbove, new RunCap(parent.Id, usd)] : parent.LimitsAbove;
        return (new RunPlace(parent.Id, parent.Depth + 1, limits), null);
    }

    /// <summary>Cancels whatever is below a run that was stopped, through runs that have ended too. Their holders can write nothing more.</summary>
    public static async Task CancelBelowAsync(TenantSession session, RunRecord run, CancellationToken cancellation)
    {
        while (await CancelOnceAsync(session, run, cancellation) is { Count: > 0 } cancelled)
        {
            foreach (var below in cancelled)
            {
                await RunEndings.TellAsync(session, below, cancellation);
                await RunEndings.StopAsync(session, below, cancellation);
            }

            // A child of one of these may have been begun while this waited for its row; none can be from now on.
        }
    }

    private static async Task<List<RunRecord>> CancelOnceAsync(TenantSession session, RunRecord run, CancellationToken cancellation)
    {
        await using var cancel = session.Command(
            $"""
            WITH RECURSIVE below AS (
                SELECT id FROM agentsystem.runs WHERE tenant_id = $1 AND parent_run_id = $2
                UNION
                SELECT child.id FROM agentsystem.runs AS child JOIN below ON child.tenant_id = $1 AND child.parent_run_id = below.id
            )
            UPDATE agentsystem.runs SET status = 'cancelled', error = $3, holder = NULL, lease_until = NULL, finished_at = clock_timestamp(),
                used = used + CASE WHEN status = 'running' THEN clock_timestamp() - held_at ELSE '0' END
            WHERE tenant_id = $1 AND id IN (SELECT id FROM below) AND status IN ('pending', 'running', 'waiting') RETURNING {RunRows.Columns}
            """,
            run.Tenant, run.Id, RunRows.Json(ParentStopped));
        return await RunRows.ManyAsync(cancel, cancellation);
    }
}

/// <summary>A run's place below others.</summary>
/// <param name="ParentId">The run right above; null: none.</param>
/// <param name="Depth">How many are above.</param>
/// <param name="LimitsAbove">See <see cref="RunRecord.LimitsAbove"/>.</param>
internal sealed record RunPlace(string? ParentId, int Depth, IReadOnlyList<RunCap> LimitsAbove)
{
    /// <summary>Below none.</summary>
    public static RunPlace Top { get; } = new(null, 0, []);
}
