using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Budgets.Postgres;

/// <summary>One turn of the books, inside one transaction: reads, lets <see cref="BudgetCell"/> decide, writes.</summary>
internal sealed class BookTurn(string holder, IReadOnlyList<CallEnd> ends, IReadOnlyList<CallRecord> starts, DateTimeOffset now)
{
    private Dictionary<CellKey, BudgetCell> cells = [];
    private readonly Dictionary<(string Tenant, string Scope), List<BudgetLine>> budgets = [];
    private readonly Dictionary<CellKey, BudgetLine> lines = [];
    private readonly List<(CallRecord Call, IReadOnlyList<CellKey> Cells)> admitted = [];

    public Dictionary<Guid, CallVerdict> Verdicts { get; } = [];

    public Dictionary<CellKey, BudgetWarning> Reached { get; } = [];

    public int Overruns { get; private set; }

    public IReadOnlyCollection<string> Tenants { get; } = [.. ends.Select(static end => end.Tenant).Concat(starts.Select(static start => start.Scope.Tenant)).Distinct().Order(StringComparer.Ordinal)];

    public async Task RunAsync(TenantSession session, CancellationToken cancellation)
    {
        if (starts.Count > 0 || ends.Any(static end => end.Reserved))
        {
            await LiveAsync(session, holder, Tenants, cancellation);
            cells = await BookRows.LockLeasesAsync(session, holder, Tenants, cancellation);
            var settled = await EndAsync(session, cancellation);
            await ReadBudgetsAsync(session, cancellation);
            await DrawAsync(session, settled, cancellation);
            foreach (var start in starts)
            {
                Admit(start);
            }

            Watch();
            await BookRows.WriteAsync(session, holder, cells, cancellation);
            if (admitted.Count > 0)
            {
                await using var insert = BookRows.InsertUnderWay(session, holder, admitted);
                await insert.ExecuteNonQueryAsync(cancellation);
            }
        }

        if (ends.Select(static end => end.Record).OfType<CallRecord>().ToList() is { Count: > 0 } records)
        {
            await using var insert = BookRows.InsertCalls(session, records);
            await insert.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Says that the holder lives, and keeps it from being buried while the transaction runs.</summary>
    public static async Task LiveAsync(TenantSession session, string holder, IReadOnlyCollection<string> tenants, CancellationToken cancellation)
    {
        await using var beat = session.Command(
            """
            INSERT INTO agentsystem.budget_holders (tenant_id, id, beat_at) SELECT tenant, $2, clock_timestamp() FROM unnest($1) AS tenant ORDER BY tenant
            ON CONFLICT (tenant_id, id) DO UPDATE SET beat_at = excluded.beat_at
            """,
            tenants.ToArray(), holder);
        await beat.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Takes the calls that ended off the list of those under way. One that is not there any more was settled when this process was thought dead: it is not settled twice.</summary>
    private async Task<List<Ended>> EndAsync(TenantSession session, CancellationToken cancellation)
    {
        var ending = ends.Where(static end => end.Reserved).ToDictionary(static end => end.Id);
        if (ending.Count == 0)
        {
            return [];
        }

        await using var delete = session.Command(
            "DELETE FROM agentsystem.calls_under_way WHERE tenant_id = ANY ($1) AND id = ANY ($2) AND holder = $3 RETURNING id, tenant_id, cost_usd, cells::text",
            Tenants.ToArray(), ending.Keys.ToArray(), holder);
        await using var reader = await delete.ExecuteReaderAsync(cancellation);
        var settled = new List<Ended>();
        while (await reader.ReadAsync(cancellation))
        {
            settled.Add(new Ended(reader.GetDecimal(2), ending[reader.GetGuid(0)].Record?.CostUsd ?? 0, BookRows.Cells(reader.GetString(1), reader.GetString(3))));
        }

        return settled;
    }

    private async Task ReadBudgetsAsync(TenantSession session, CancellationToken cancellation)
    {
        if (starts.Count == 0)
        {
            return;
        }

        await LimitRunsAsync(session, cancellation);
        var wanted = starts.SelectMany(static start => start.Scope.Names.Select(scope => (start.Scope.Tenant, Scope: scope))).Distinct().ToList();
        await using var select = session.Command(
            """
            SELECT b.tenant_id, b.id, k.starts_at, b.scope, b.limit_usd, b.budget_window, b.on_exceeded, b.warn_at,
                w.ceiling_usd, w.spent_usd, w.granted_usd, w.warned_at IS NOT NULL, coalesce(other.committed, 0), coalesce(other.holders, 0)
            FROM unnest($1, $2) AS s (tenant_id, scope)
            JOIN agentsystem.budgets AS b ON b.tenant_id = s.tenant_id AND b.scope = s.scope
            CROSS JOIN LATERAL (SELECT CASE b.budget_window WHEN 'day' THEN $3 WHEN 'week' THEN $4 WHEN 'month' THEN $5 ELSE $6 END AS starts_at) AS k
            LEFT JOIN agentsystem.budget_windows AS w ON w.tenant_id = b.tenant_id AND w.budget_id = b.id AND w.starts_at = k.starts_at
            LEFT JOIN LATERAL (
                SELECT sum(l.sent_usd + l.used_usd) AS committed, count(*)::int AS holders FROM agentsystem.budget_leases AS l
                WHERE l.tenant_id = b.tenant_id AND l.budget_id = b.id AND l.starts_at = k.starts_at AND l.holder <> $7) AS other ON true
            """,
            BookRows.Column(wanted, static each => each.Tenant, NpgsqlDbType.Text), BookRows.Column(wanted, static each => each.Scope, NpgsqlDbType.Text),
            WindowCalendar.Start(BudgetWindow.Day, now), WindowCalendar.Start(BudgetWindow.Week, now), WindowCalendar.Start(BudgetWindow.Month, now),
            WindowCalendar.Start(BudgetWindow.Total, now), holder);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            Take(reader);
        }
    }

    private void Take(NpgsqlDataReader row)
    {
        var key = BookRows.Key(row);
        var window = Enum.Parse<BudgetWindow>(row.GetString(5), ignoreCase: true);
        var line = new BudgetLine(
            key, row.GetString(3), row.GetDecimal(4), window, row.GetString(6) == "degrade", row.GetDecimal(7), !row.IsDBNull(8), row.GetBoolean(11), row.GetDecimal(12), row.GetInt32(13));
        var lease = cells.GetValueOrDefault(key);
        cells[key] = new BudgetCell
        {
            Limit = line.Limit, Ceiling = line.Made ? row.GetDecimal(8) : line.Limit, Spent = line.Made ? row.GetDecimal(9) : 0, Granted = line.Made ? row.GetDecimal(10) : 0,
            Credit = lease?.Credit ?? 0, Sent = lease?.Sent ?? 0, Used = lease?.Used ?? 0,
        };
        lines[key] = line;
        if (!budgets.TryGetValue((key.Tenant, line.Scope), out var list))
        {
            budgets[(key.Tenant, line.Scope)] = list = [];
        }

        list.Add(line);
    }

    /// <summary>A run's own limit becomes a budget when its first call is made.</summary>
    private async Task LimitRunsAsync(TenantSession session, CancellationToken cancellation)
    {
        var runs = starts.SelectMany(static start => start.Scope.Runs.Select(run => (start.Scope.Tenant, run.RunId, run.LimitUsd))).DistinctBy(static run => (run.Tenant, run.RunId)).ToList();
        if (runs.Count == 0)
        {
            return;
        }

        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.budgets (tenant_id, id, scope, kind, limit_usd, budget_window, on_exceeded, warn_at, created_at, created_by)
            SELECT r.tenant_id, 'bud_run_' || r.run, 'run:' || r.run, 'run', r.usd, 'total', 'stop', 0.8, $4, 'platform' FROM unnest($1, $2, $3) AS r (tenant_id, run, usd) ORDER BY 1, 2
            ON CONFLICT DO NOTHING
            """,
            BookRows.Column(runs, static run => run.Tenant, NpgsqlDbType.Text), BookRows.Column(runs, static run => run.RunId, NpgsqlDbType.Text),
            BookRows.Column(runs, static run => run.LimitUsd, NpgsqlDbType.Numeric), now);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Settles, then draws what is missing: from the windows, and where they have no more, from what other processes hold and do not use.</summary>
    private async Task DrawAsync(TenantSession session, List<Ended> settled, CancellationToken cancellation)
    {
        var over = settled.Where(static end => BudgetCell.Overruns(end.Reserved, end.Actual)).ToList();
        Settle(settled.Except(over));
        var needs = starts.SelectMany(start => CellsOf(start).Select(line => (line.Key, start.CostUsd))).GroupBy(static each => each.Key)
            .ToDictionary(static group => group.Key, static group => group.Sum(static each => each.CostUsd));
        var missing = needs.Keys.Where(key => !lines[key].Made).ToList();
        await MakeWindowsAsync(session, missing, cancellation);
        var locked = needs.Where(need => cells[need.Key].MustDraw(need.Value)).Select(static need => need.Key)
            .Union(over.SelectMany(static end => end.Cells).Where(cells.ContainsKey)).ToList();
        if (locked.Count > 0)
        {
            await BookRows.LockWindowsAsync(session, cells, locked, cancellation);
        }

        Settle(over);
        Overruns = over.Count;
        var drawing = locked.Where(needs.ContainsKey).ToList();
        foreach (var key in drawing)
        {
            cells[key].Draw(needs[key]);
        }

        if (drawing.Where(key => cells[key].Credit < needs[key] && lines[key].Holders > 0).ToList() is { Count: > 0 } dry)
        {
            await TakeOverAsync(session, dry, needs, cancellation);
        }
    }

    private void Settle(IEnumerable<Ended> settled)
    {
        foreach (var end in settled)
        {
            // A budget that was removed meanwhile has no lease any more.
            foreach (var cell in end.Cells.Where(cells.ContainsKey))
            {
                cells[cell].Settle(end.Reserved, end.Actual);
            }
        }
    }

    private static async Task MakeWindowsAsync(TenantSession session, List<CellKey> missing, CancellationToken cancellation)
    {
        if (missing.Count == 0)
        {
            return;
        }

        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.budget_windows (tenant_id, budget_id, starts_at, ceiling_usd)
            SELECT k.tenant_id, k.budget_id, k.starts_at, b.limit_usd FROM unnest($1, $2, $3) AS k (tenant_id, budget_id, starts_at)
            JOIN agentsystem.budgets AS b ON b.tenant_id = k.tenant_id AND b.id = k.budget_id ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
            """,
            [.. BookRows.KeyColumns(missing)]);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private async Task TakeOverAsync(TenantSession session, List<CellKey> dry, Dictionary<CellKey, decimal> needs, CancellationToken cancellation)
    {
        var taken = new List<(CellKey Key, string Holder, decimal Amount)>();
        await using (var select = session.Command(
            $"""
            SELECT l.tenant_id, l.budget_id, l.starts_at, l.holder, l.credit_usd FROM agentsystem.budget_leases AS l
            JOIN unnest($1, $2, $3) AS k (tenant_id, budget_id, starts_at) ON {BookRows.Same("l")}
            WHERE l.holder <> $4 AND l.credit_usd > 0 ORDER BY 1, 2, 3, 4 FOR UPDATE OF l SKIP LOCKED
            """,
            [.. BookRows.KeyColumns(dry), holder]))
        {
            await using var reader = await select.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var (key, other, credit) = (BookRows.Key(reader), reader.GetString(3), reader.GetDecimal(4));
                if (cells[key].Lowered || needs[key] - cells[key].Credit is not (> 0 and var lacking))
                {
                    continue;
                }

                var amount = Math.Min(credit, lacking);
                cells[key].TakeOver(amount);
                taken.Add((key, other, amount));
            }
        }

        if (taken.Count > 0)
        {
            await using var update = session.Command(
                $"""
                UPDATE agentsystem.budget_leases AS l SET credit_usd = credit_usd - k.amount FROM unnest($1, $2, $3, $4, $5) AS k (tenant_id, budget_id, starts_at, holder, amount)
                WHERE {BookRows.Same("l")} AND l.holder = k.holder
                """,
                BookRows.Column(taken, static each => each.Key.Tenant, NpgsqlDbType.Text), BookRows.Column(taken, static each => each.Key.BudgetId, NpgsqlDbType.Text),
                BookRows.Column(taken, static each => each.Key.StartsAt, NpgsqlDbType.TimestampTz), BookRows.Column(taken, static each => each.Holder, NpgsqlDbType.Text),
                BookRows.Column(taken, static each => each.Amount, NpgsqlDbType.Numeric));
            await update.ExecuteNonQueryAsync(cancellation);
        }
    }

    private void Admit(CallRecord start)
    {
        var mine = CellsOf(start).ToList();
        var without = mine.Where(line => cells[line.Key].Credit < start.CostUsd).ToList();
        if (without.Count > 0)
        {
            Verdicts[start.Id] = new CallVerdict(false, null, Refuse(start, without), without.Exists(static line => line.Holders > 0));
            return;
        }

        foreach (var line in mine)
        {
            cells[line.Key].Send(start.CostUsd);
        }

        if (mine.Count > 0)
        {
            admitted.Add((start, [.. mine.Select(static line => line.Key)]));
        }

        Verdicts[start.Id] = new CallVerdict(mine.Count > 0, mine.Count == 0 ? null : mine.Min(Left), null, false);
    }

    private BudgetRefusal Refuse(CallRecord start, List<BudgetLine> without)
    {
        // One that stops decides, whatever the others would allow.
        var line = without.OrderBy(static each => each.Degrades).ThenBy(Left).First();
        var resets = without.Select(each => WindowCalendar.End(each.Window, now) - now).ToList();
        return new BudgetRefusal(line.Scope, line.Limit, line.Window, start.CostUsd, Math.Max(0, Left(line)), without.TrueForAll(static each => each.Degrades), resets.Contains(null) ? null : resets.Max());
    }

    private IEnumerable<BudgetLine> CellsOf(CallRecord start) =>
        start.Scope.Names.SelectMany(scope => budgets.GetValueOrDefault((start.Scope.Tenant, scope)) ?? []);

    /// <summary>USD neither spent nor set aside, by anybody.</summary>
    private decimal Left(BudgetLine line) => line.Limit - Committed(line);

    private decimal Committed(BudgetLine line) => cells[line.Key] is var cell ? cell.Spent + line.Others + cell.Sent + cell.Used : 0;

    private void Watch()
    {
        foreach (var line in lines.Values.Where(line => !line.Warned && Committed(line) >= line.WarnAt * line.Limit && Committed(line) > 0))
        {
            Reached[line.Key] = new BudgetWarning(line.Key.Tenant, line.Key.BudgetId, line.Scope, line.Limit, line.WarnAt);
        }
    }

    /// <summary>A call that ended, what was set aside for it and where, and what it cost.</summary>
    private sealed record Ended(decimal Reserved, decimal Actual, IReadOnlyList<CellKey> Cells);

    /// <summary>A budget and what other processes have used and set aside of its window.</summary>
    private sealed record BudgetLine(CellKey Key, string Scope, decimal Limit, BudgetWindow Window, bool Degrades, decimal WarnAt, bool Made, bool Warned, decimal Others, int Holders);
}
