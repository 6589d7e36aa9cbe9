using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Budgets.Postgres;

/// <summary>Cells and calls as rows, many with one statement.</summary>
internal static class BookRows
{
    private const string CallColumns = "tenant_id, id, at, team, key_id, user_name, agent, agent_version, run_id, request_id, model, input_tokens, output_tokens, cost_usd, estimated";

    public static NpgsqlParameter Column<T, TValue>(IEnumerable<T> rows, Func<T, TValue> value, NpgsqlDbType type) =>
        new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    /// <summary>Locks a holder's leases of some tenants and gives them as cells that know nothing of their windows yet.</summary>
    public static async Task<Dictionary<CellKey, BudgetCell>> LockLeasesAsync(TenantSession session, string holder, IReadOnlyCollection<string> tenants, CancellationToken cancellation)
    {
        await using var select = session.Command(
            """
            SELECT tenant_id, budget_id, starts_at, credit_usd, sent_usd, used_usd FROM agentsystem.budget_leases
            WHERE holder = $1 AND tenant_id = ANY ($2) ORDER BY tenant_id, budget_id, starts_at FOR UPDATE
            """,
            holder, tenants.ToArray());
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var cells = new Dictionary<CellKey, BudgetCell>();
        while (await reader.ReadAsync(cancellation))
        {
            cells[Key(reader)] = new BudgetCell { Limit = 0, Credit = reader.GetDecimal(3), Sent = reader.GetDecimal(4), Used = reader.GetDecimal(5) };
        }

        return cells;
    }

    /// <summary>Locks windows in everybody's order and brings the cells' figures up to date.</summary>
    public static async Task LockWindowsAsync(TenantSession session, IReadOnlyDictionary<CellKey, BudgetCell> cells, IReadOnlyCollection<CellKey> wanted, CancellationToken cancellation)
    {
        await using var select = session.Command(
            $"""
            SELECT w.tenant_id, w.budget_id, w.starts_at, w.ceiling_usd, w.spent_usd, w.granted_usd FROM agentsystem.budget_windows AS w
            JOIN {Keys} ORDER BY w.tenant_id, w.budget_id, w.starts_at FOR UPDATE OF w
            """,
            [.. KeyColumns(wanted)]);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var cell = cells[Key(reader)];
            (cell.Ceiling, cell.Spent, cell.Granted) = (reader.GetDecimal(3), reader.GetDecimal(4), reader.GetDecimal(5));
        }
    }

    /// <summary>Writes what changed back. Every window among them is locked.</summary>
    public static async Task WriteAsync(TenantSession session, string holder, IEnumerable<KeyValuePair<CellKey, BudgetCell>> cells, CancellationToken cancellation)
    {
        var all = cells.OrderBy(static each => each.Key).ToList();
        if (all.Where(static each => each.Value.WindowChanged).ToList() is { Count: > 0 } windows)
        {
            await using var update = session.Command(
                $"""
                UPDATE agentsystem.budget_windows AS w SET ceiling_usd = k.ceiling, spent_usd = k.spent, granted_usd = k.granted
                FROM unnest($1, $2, $3, $4, $5, $6) AS k (tenant_id, budget_id, starts_at, ceiling, spent, granted) WHERE {Same("w")}
                """,
                [
                    .. KeyColumns(windows.Select(static each => each.Key)), Column(windows, static each => each.Value.Ceiling, NpgsqlDbType.Numeric),
                    Column(windows, static each => each.Value.Spent, NpgsqlDbType.Numeric), Column(windows, static each => each.Value.Granted, NpgsqlDbType.Numeric),
                ]);
            await update.ExecuteNonQueryAsync(cancellation);
        }

        if (all.Where(static each => each.Value.LeaseChanged).ToList() is { Count: > 0 } leases)
        {
            await using var upsert = session.Command(
                """
                INSERT INTO agentsystem.budget_leases (tenant_id, budget_id, starts_at, credit_usd, sent_usd, used_usd, holder)
                SELECT k.*, $7 FROM unnest($1, $2, $3, $4, $5, $6) AS k
                ON CONFLICT (tenant_id, budget_id, starts_at, holder) DO UPDATE SET credit_usd = excluded.credit_usd, sent_usd = excluded.sent_usd, used_usd = excluded.used_usd
                """,
                [
                    .. KeyColumns(leases.Select(static each => each.Key)), Column(leases, static each => each.Value.Credit, NpgsqlDbType.Numeric),
                    Column(leases, static each => each.Value.Sent, NpgsqlDbType.Numeric), Column(leases, static each => each.Value.Used, NpgsqlDbType.Numeric), holder,
                ]);
            await upsert.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Removes a holder's leases that hold nothing.</summary>
    public static async Task DropEmptyLeasesAsync(TenantSession session, string holder, IReadOnlyCollection<string> tenants, CancellationToken cancellation)
    {
        await using var delete = session.Command(
            "DELETE FROM agentsystem.budget_leases WHERE holder = $1 AND tenant_id = ANY ($2) AND credit_usd = 0 AND sent_usd = 0 AND used_usd = 0", holder, tenants.ToArray());
        await delete.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Into the ledger; a row that is there already stays as it is.</summary>
    public static NpgsqlCommand InsertCalls(TenantSession session, IReadOnlyList<CallRecord> calls) => session.Command(
        $"INSERT INTO agentsystem.model_calls ({CallColumns}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING",
        [.. Columns(calls)]);

    /// <summary>Calls that are about to be sent, each at the most it can cost, with the cells it is set aside in.</summary>
    public static NpgsqlCommand InsertUnderWay(TenantSession session, string holder, IReadOnlyList<(CallRecord Call, IReadOnlyList<CellKey> Cells)> calls) => session.Command(
        $"INSERT INTO agentsystem.calls_under_way ({CallColumns}, cells, holder) SELECT k.*, $17 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AS k",
        [
            .. Columns([.. calls.Select(static each => each.Call)]),
            Column(calls, static each => StoredJson.Write(each.Cells.Select(static cell => new StoredCell(cell.BudgetId, cell.StartsAt))), NpgsqlDbType.Jsonb), holder,
        ]);

    /// <summary>The cells of a row of <see cref="InsertUnderWay"/>.</summary>
    public static IReadOnlyList<CellKey> Cells(string tenant, string json) => [.. StoredJson.Read<List<StoredCell>>(json).Select(cell => new CellKey(tenant, cell.Budget, cell.Start))];

    /// <summary>What a dead holder had under way goes into the ledger as it stands.</summary>
    public static async Task BuryCallsAsync(TenantSession session, string holder, CancellationToken cancellation)
    {
        await using var move = session.Command(
            $"""
            WITH gone AS (DELETE FROM agentsystem.calls_under_way WHERE holder = $1 RETURNING {CallColumns})
            INSERT INTO agentsystem.model_calls ({CallColumns}) SELECT {CallColumns} FROM gone ON CONFLICT DO NOTHING
            """,
            holder);
        await move.ExecuteNonQueryAsync(cancellation);
    }

    public static CellKey Key(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2));

    public static IEnumerable<NpgsqlParameter> KeyColumns(IEnumerable<CellKey> keys)
    {
        var sorted = keys.Order().ToList();
        yield return Column(sorted, static key => key.Tenant, NpgsqlDbType.Text);
        yield return Column(sorted, static key => key.BudgetId, NpgsqlDbType.Text);
        yield return Column(sorted, static key => key.StartsAt, NpgsqlDbType.TimestampTz);
    }

    /// <summary>Joins a table under the name w or l to the keys of <see cref="KeyColumns"/>.</summary>
    public static string Same(string table) => $"{table}.tenant_id = k.tenant_id AND {table}.budget_id = k.budget_id AND {table}.starts_at = k.starts_at";

    private static string Keys => $"unnest($1, $2, $3) AS k (tenant_id, budget_id, starts_at) ON {Same("w")}";

    private static IEnumerable<NpgsqlParameter> Columns(IReadOnlyList<CallRecord> calls) =>
    [
        Column(calls, static call => call.Scope.Tenant, NpgsqlDbType.Text), Column(calls, static call => call.Id, NpgsqlDbType.Uuid),
        Column(calls, static call => call.At.ToUniversalTime(), NpgsqlDbType.TimestampTz), Column(calls, static call => Clean(call.Scope.Team), NpgsqlDbType.Text),
        Column(calls, static call => call.Scope.KeyId, NpgsqlDbType.Text), Column(calls, static call => Clean(call.Scope.User), NpgsqlDbType.Text),
        Column(calls, static call => Clean(call.Scope.Agent), NpgsqlDbType.Text), Column(calls, static call => call.Scope.AgentVersion, NpgsqlDbType.Integer),
        Column(calls, static call => call.Scope.RunId, NpgsqlDbType.Text), Column(calls, static call => Clean(call.Scope.RequestId), NpgsqlDbType.Text),
        Column(calls, static call => call.Model, NpgsqlDbType.Text), Column(calls, static call => call.InputTokens, NpgsqlDbType.Bigint),
        Column(calls, static call => call.OutputTokens, NpgsqlDbType.Bigint), Column(calls, static call => call.CostUsd, NpgsqlDbType.Numeric),
        Column(calls, static call => call.Estimated, NpgsqlDbType.Boolean),
    ];

    /// <summary>No column keeps U+0000, and a call that cost money must not be missing for it.</summary>
    private static string? Clean(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);

    private sealed record StoredCell(string Budget, DateTimeOffset Start);
}
