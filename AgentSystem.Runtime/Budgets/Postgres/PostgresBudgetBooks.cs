using AgentSystem.Contracts.Facts;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Budgets.Postgres;

/// <summary>
/// The books in Postgres. A turn locks the rows of its own process only, as long as its credit lasts; a window is locked to draw more. Everybody locks own leases, then windows in one order,
/// then other processes' leases without waiting, so nobody waits in a circle.
/// </summary>
internal sealed class PostgresBudgetBooks(RuntimeDatabase database, TimeProvider time) : IBudgetBooks
{
    private const int Tries = 4;

    // A deadlock, a limit that was changed or a budget that was removed in the middle: the turn did nothing and sees the new state when it begins again.
    private static readonly string[] Passing = [PostgresErrorCodes.DeadlockDetected, PostgresErrorCodes.SerializationFailure, PostgresErrorCodes.CheckViolation, PostgresErrorCodes.ForeignKeyViolation];

    public async Task<TurnResult> TurnAsync(string holder, IReadOnlyList<CallEnd> ends, IReadOnlyList<CallRecord> starts, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var turn = new BookTurn(holder, ends, starts, time.GetUtcNow());
                await using (var session = await database.OpenBatchAsync(turn.Tenants, cancellation))
                {
                    await turn.RunAsync(session, cancellation);
                    await session.CommitAsync(cancellation);
                }

                return new TurnResult(turn.Verdicts, turn.Reached.Count == 0 ? [] : await WarnAsync(turn.Reached, cancellation), turn.Overruns);
            }
            catch (PostgresException e) when (attempt < Tries && Passing.Contains(e.SqlState))
            {
                // Begin again.
            }
        }
    }

    public async Task BeatAsync(string holder, IReadOnlyCollection<string> tenants, CancellationToken cancellation)
    {
        await using var session = await database.OpenBatchAsync(tenants, cancellation);
        await BookTurn.LiveAsync(session, holder, tenants, cancellation);
        var cells = await BookRows.LockLeasesAsync(session, holder, tenants, cancellation);
        await BookRows.LockWindowsAsync(session, cells, cells.Keys, cancellation);
        foreach (var cell in cells.Values)
        {
            cell.Fold();
        }

        await BookRows.WriteAsync(session, holder, cells, cancellation);
        await BookRows.DropEmptyLeasesAsync(session, holder, tenants, cancellation);
        await session.CommitAsync(cancellation);
    }

    public async Task LeaveAsync(string holder, IReadOnlyCollection<string> tenants, CancellationToken cancellation)
    {
        foreach (var tenant in tenants)
        {
            await BuryAsync(tenant, holder, TimeSpan.Zero, cancellation);
        }
    }

    public async Task<int> ReclaimAsync(TimeSpan silent, CancellationToken cancellation)
    {
        var dead = new List<(string Tenant, string Holder)>();
        await using (var session = await database.OpenWithoutTenantAsync(cancellation))
        {
            await using var select = session.Command("SELECT tenant_id, id FROM agentsystem.silent_budget_holders($1)", silent);
            await using var reader = await select.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                dead.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        var buried = 0;
        foreach (var (tenant, holder) in dead)
        {
            buried += await BuryAsync(tenant, holder, silent, cancellation) ? 1 : 0;
        }

        return buried;
    }

    /// <summary>One holder of one tenant; false when it lives after all, or somebody else is at it.</summary>
    private async Task<bool> BuryAsync(string tenant, string holder, TimeSpan silent, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using (var lockHolder = session.Command(
            "SELECT 1 FROM agentsystem.budget_holders WHERE tenant_id = $1 AND id = $2 AND beat_at <= clock_timestamp() - $3 FOR UPDATE SKIP LOCKED", tenant, holder, silent))
        {
            if (await lockHolder.ExecuteScalarAsync(cancellation) is null)
            {
                return false;
            }
        }

        var cells = await BookRows.LockLeasesAsync(session, holder, [tenant], cancellation);
        await BookRows.LockWindowsAsync(session, cells, cells.Keys, cancellation);
        foreach (var cell in cells.Values)
        {
            cell.Bury();
        }

        await BookRows.WriteAsync(session, holder, cells, cancellation);
        await BookRows.DropEmptyLeasesAsync(session, holder, [tenant], cancellation);
        await BookRows.BuryCallsAsync(session, holder, cancellation);
        await using (var delete = session.Command("DELETE FROM agentsystem.budget_holders WHERE tenant_id = $1 AND id = $2", tenant, holder))
        {
            await delete.ExecuteNonQueryAsync(cancellation);
        }

        await session.CommitAsync(cancellation);
        return true;
    }

    /// <summary>A transaction of its own: a turn holds leases, and must not wait for a window out of order.</summary>
    private async Task<IReadOnlyList<BudgetWarning>> WarnAsync(IReadOnlyDictionary<CellKey, BudgetWarning> reached, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var session = await database.OpenBatchAsync([.. reached.Keys.Select(static key => key.Tenant).Distinct()], cancellation);
        await using var update = session.Command(
            $"""
            UPDATE agentsystem.budget_windows AS w SET warned_at = $4 FROM unnest($1, $2, $3) AS k (tenant_id, budget_id, starts_at)
            WHERE {BookRows.Same("w")} AND w.warned_at IS NULL RETURNING w.tenant_id, w.budget_id, w.starts_at
            """,
            [.. BookRows.KeyColumns(reached.Keys), now]);
        var warnings = new List<BudgetWarning>();
        await using (var reader = await update.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                warnings.Add(reached[BookRows.Key(reader)]);
            }
        }

        // The fact comes with the mark: it is told once, and not lost.
        foreach (var warning in warnings)
        {
            Fact fact = new BudgetWarned(warning.Tenant, now, warning.BudgetId, warning.Scope, warning.LimitUsd, warning.WarnAt);
            await using var tell = session.Command(
                "INSERT INTO agentsystem.facts (tenant_id, at, id, kind, body) VALUES ($1, $2, $3, $4, $5::jsonb)", fact.Tenant, fact.At, Guid.CreateVersion7(now), BudgetWarned.Kind, StoredJson.Write(fact));
            await tell.ExecuteNonQueryAsync(cancellation);
        }

        await session.CommitAsync(cancellation);
        return warnings;
    }
}
