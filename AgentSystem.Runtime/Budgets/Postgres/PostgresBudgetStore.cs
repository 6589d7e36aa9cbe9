using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Budgets.Postgres;

/// <summary>Budgets in Postgres, shown with the figures of the window that runs now.</summary>
internal sealed class PostgresBudgetStore(RuntimeDatabase database, TimeProvider time) : IBudgetStore
{
    private const decimal DefaultWarnAt = 0.8m;

    // $1 to $4 are the starts of the windows, $5 is the tenant.
    private const string Select = """
        SELECT b.id, b.scope, b.limit_usd, b.budget_window, b.on_exceeded, b.warn_at, b.created_at, b.created_by,
            coalesce(w.spent_usd, 0) + coalesce(l.used, 0), coalesce(l.sent, 0), w.warned_at
        FROM agentsystem.budgets AS b
        CROSS JOIN LATERAL (SELECT CASE b.budget_window WHEN 'day' THEN $1 WHEN 'week' THEN $2 WHEN 'month' THEN $3 ELSE $4 END AS starts_at) AS k
        LEFT JOIN agentsystem.budget_windows AS w ON w.tenant_id = b.tenant_id AND w.budget_id = b.id AND w.starts_at = k.starts_at
        LEFT JOIN LATERAL (
            SELECT sum(lease.sent_usd) AS sent, sum(lease.used_usd) AS used FROM agentsystem.budget_leases AS lease
            WHERE lease.tenant_id = b.tenant_id AND lease.budget_id = b.id AND lease.starts_at = k.starts_at) AS l ON true
        WHERE b.tenant_id = $5 AND b.kind <> 'run'
        """;

    public async Task<BudgetView?> AddAsync(string tenant, CreateBudget budget, string createdBy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var id = "bud_" + Guid.CreateVersion7(now).ToString("N");
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using (var insert = session.Command(
            """
            INSERT INTO agentsystem.budgets (tenant_id, id, scope, kind, limit_usd, budget_window, on_exceeded, warn_at, created_at, created_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant_id, scope, budget_window) DO NOTHING
            """,
            tenant, id, budget.Scope, BudgetScopes.Kind(budget.Scope), budget.LimitUsd, Word(budget.Window), Word(budget.OnExceeded), budget.WarnAt ?? DefaultWarnAt, now, createdBy))
        {
            if (await insert.ExecuteNonQueryAsync(cancellation) == 0)
            {
                return null;
            }
        }

        var added = await OneAsync(session, tenant, id, now, cancellation);
        await session.CommitAsync(cancellation);
        return added;
    }

    public async Task<IReadOnlyList<BudgetView>> ListAsync(string tenant, string? scope, string? after, int limit, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var session = await database.OpenAsync(tenant, cancellation);
        // Ids begin with the moment they were made at, so their order is that of the list.
        await using var select = session.Command(
            Select + " AND ($6::text IS NULL OR b.scope = $6) AND ($7::text IS NULL OR b.id < $7) ORDER BY b.id DESC LIMIT $8", [.. Starts(now), tenant, Text(scope), Text(after), limit]);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var budgets = new List<BudgetView>();
        while (await reader.ReadAsync(cancellation))
        {
            budgets.Add(View(reader, now));
        }

        return budgets;
    }

    public async Task<BudgetView?> FindAsync(string tenant, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        return await OneAsync(session, tenant, id, time.GetUtcNow(), cancellation);
    }

    public async Task<BudgetView?> UpdateAsync(string tenant, string id, UpdateBudget change, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using (var update = session.Command(
            """
            UPDATE agentsystem.budgets SET limit_usd = coalesce($3, limit_usd), on_exceeded = coalesce($4, on_exceeded), warn_at = coalesce($5, warn_at)
            WHERE tenant_id = $1 AND id = $2 AND kind <> 'run'
            """,
            tenant, id, Number(change.LimitUsd), Text(change.OnExceeded is { } how ? Word(how) : null), Number(change.WarnAt)))
        {
            if (await update.ExecuteNonQueryAsync(cancellation) == 0)
            {
                return null;
            }
        }

        await TakeCreditBackAsync(session, tenant, id, cancellation);
        var changed = await OneAsync(session, tenant, id, now, cancellation);
        await session.CommitAsync(cancellation);
        return changed;
    }

    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        // Leases first, as everybody locks them first.
        await using (var lockLeases = session.Command(
            "SELECT 1 FROM agentsystem.budget_leases WHERE tenant_id = $1 AND budget_id = $2 ORDER BY starts_at, holder FOR UPDATE", tenant, id))
        {
            await lockLeases.ExecuteNonQueryAsync(cancellation);
        }

        await using var delete = session.Command("DELETE FROM agentsystem.budgets WHERE tenant_id = $1 AND id = $2 AND kind <> 'run'", tenant, id);
        var rows = await delete.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        return rows == 1;
    }

    public async Task<IReadOnlyCollection<string>> ScopesAsync(string tenant, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command("SELECT DISTINCT scope FROM agentsystem.budgets WHERE tenant_id = $1 AND kind <> 'run'", tenant);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var scopes = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            scopes.Add(reader.GetString(0));
        }

        return scopes;
    }

    /// <summary>Credit that was lent under the old figures returns, leases locked first as everybody does, and the ceiling becomes the new limit or what is spent and set aside already.</summary>
    private static async Task TakeCreditBackAsync(TenantSession session, string tenant, string id, CancellationToken cancellation)
    {
        await using (var lockLeases = session.Command(
            "SELECT 1 FROM agentsystem.budget_leases WHERE tenant_id = $1 AND budget_id = $2 ORDER BY starts_at, holder FOR UPDATE", tenant, id))
        {
            await lockLeases.ExecuteNonQueryAsync(cancellation);
        }

        await using var back = session.Command(
            """
            WITH idle AS (
                UPDATE agentsystem.budget_leases AS l SET credit_usd = 0 FROM agentsystem.budget_leases AS was
                WHERE l.tenant_id = $1 AND l.budget_id = $2 AND l.credit_usd > 0
                    AND was.tenant_id = l.tenant_id AND was.budget_id = l.budget_id AND was.starts_at = l.starts_at AND was.holder = l.holder
                RETURNING l.starts_at, was.credit_usd AS credit),
            sums AS (SELECT starts_at, sum(credit) AS credit FROM idle GROUP BY starts_at)
            UPDATE agentsystem.budget_windows AS w SET
                granted_usd = w.granted_usd - coalesce((SELECT sums.credit FROM sums WHERE sums.starts_at = w.starts_at), 0),
                ceiling_usd = greatest(b.limit_usd, w.spent_usd + w.granted_usd - coalesce((SELECT sums.credit FROM sums WHERE sums.starts_at = w.starts_at), 0)),
                warned_at = NULL
            FROM agentsystem.budgets AS b WHERE w.tenant_id = $1 AND w.budget_id = $2 AND b.tenant_id = w.tenant_id AND b.id = w.budget_id
            """,
            tenant, id);
        await back.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<BudgetView?> OneAsync(TenantSession session, string tenant, string id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var select = session.Command(Select + " AND b.id = $6", [.. Starts(now), tenant, id]);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? View(reader, now) : null;
    }

    private static IEnumerable<object?> Starts(DateTimeOffset now) =>
        [WindowCalendar.Start(BudgetWindow.Day, now), WindowCalendar.Start(BudgetWindow.Week, now), WindowCalendar.Start(BudgetWindow.Month, now), WindowCalendar.Start(BudgetWindow.Total, now)];

    private static BudgetView View(NpgsqlDataReader row, DateTimeOffset now)
    {
        var (limit, warnAt, spent, reserved) = (row.GetDecimal(2), row.GetDecimal(5), row.GetDecimal(8), row.GetDecimal(9));
        var window = Enum.Parse<BudgetWindow>(row.GetString(3), ignoreCase: true);
        var state = spent + reserved >= limit ? BudgetState.Exceeded : spent + reserved >= warnAt * limit ? BudgetState.Warning : BudgetState.Ok;
        return new BudgetView(
            row.GetString(0), row.GetString(1), limit, window, Enum.Parse<OnExceeded>(row.GetString(4), ignoreCase: true), warnAt, spent, reserved, Math.Max(0, limit - spent - reserved),
            WindowCalendar.Start(window, now), WindowCalendar.End(window, now), state, row.GetFieldValue<DateTimeOffset>(6), row.GetString(7), row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10));
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    private static NpgsqlParameter Number(decimal? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Numeric };
}
