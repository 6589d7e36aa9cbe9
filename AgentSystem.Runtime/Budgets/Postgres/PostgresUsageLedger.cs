using System.Globalization;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Budgets.Postgres;

/// <summary>The ledger in Postgres: sums are made where the rows lie.</summary>
internal sealed class PostgresUsageLedger(RuntimeDatabase database) : IUsageLedger
{
    private const string Sums = "count(*), coalesce(sum(input_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint, coalesce(sum(cost_usd), 0), count(*) FILTER (WHERE estimated)";

    // The only texts that become part of a statement; the request names their keys.
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        [UsageGroups.Day] = "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        ["agent"] = "agent",
        ["model"] = "model",
        ["key"] = "key_id",
        ["team"] = "team",
        ["user"] = "user_name",
        ["tenant"] = "tenant_id",
    };

    public async Task<UsageReport> ReportAsync(UsageQuery query, CancellationToken cancellation)
    {
        // The parts must add up to the totals, whatever is written meanwhile.
        await using var session = await database.OpenSnapshotAsync(query.Tenant, cancellation);
        var totals = await TotalsAsync(session, query, cancellation);
        var groups = query.GroupBy.Count == 0 ? [] : await GroupsAsync(session, query, cancellation);
        return new UsageReport(query.From, query.To, totals, groups);
    }

    private static async Task<UsageTotals> TotalsAsync(TenantSession session, UsageQuery query, CancellationToken cancellation)
    {
        await using var select = session.Command($"SELECT {Sums} FROM agentsystem.model_calls WHERE tenant_id = $1 AND at >= $2 AND at < $3", query.Tenant, query.From, query.To);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new UsageTotals(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetDecimal(3), reader.GetInt64(4));
    }

    private static async Task<List<UsageGroup>> GroupsAsync(TenantSession session, UsageQuery query, CancellationToken cancellation)
    {
        var names = query.GroupBy;
        var columns = string.Join(", ", names.Select(static (name, i) => $"{Columns[name]} AS g{i.ToString(CultureInfo.InvariantCulture)}"));
        var places = string.Join(", ", names.Select(static (_, i) => (i + 1).ToString(CultureInfo.InvariantCulture)));
        var day = names.ToList().IndexOf(UsageGroups.Day);
        var order = (day < 0 ? "" : $"{(day + 1).ToString(CultureInfo.InvariantCulture)} DESC, ") + $"{(names.Count + 4).ToString(CultureInfo.InvariantCulture)} DESC, {places}";
        await using var select = session.Command(
            $"SELECT {columns}, {Sums} FROM agentsystem.model_calls WHERE tenant_id = $1 AND at >= $2 AND at < $3 GROUP BY {places} ORDER BY {order} LIMIT $4 OFFSET $5",
            query.Tenant, query.From, query.To, query.Limit, query.Skip);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var groups = new List<UsageGroup>();
        while (await reader.ReadAsync(cancellation))
        {
            groups.Add(Group(reader, names));
        }

        return groups;
    }

    private static UsageGroup Group(NpgsqlDataReader row, IReadOnlyList<string> names)
    {
        string? Of(string name) => names.ToList().IndexOf(name) is var at and >= 0 && !row.IsDBNull(at) ? row.GetString(at) : null;
        var sums = names.Count;
        return new UsageGroup(
            Of(UsageGroups.Day), Of("agent"), Of("model"), Of("key"), Of("team"), Of("user"), Of("tenant"),
            row.GetInt64(sums), row.GetInt64(sums + 1), row.GetInt64(sums + 2), row.GetDecimal(sums + 3), row.GetInt64(sums + 4));
    }
}
