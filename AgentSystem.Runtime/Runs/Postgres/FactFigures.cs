using AgentSystem.Contracts.Monitoring;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>Adds requests up where they lie, so that figures are of all of them, however many they are.</summary>
internal static class FactFigures
{
    /// <summary>$1 tenant, $2 kind, $3 since, $4 ids and $5 documents of what is queued: written meanwhile or not, each is counted once. The row without a minute is the sum.</summary>
    private const string Sql = """
        SELECT minute, count(*)::int, (count(*) FILTER (WHERE status >= 400 AND status <> 499))::int,
            coalesce(sum(input), 0)::bigint, coalesce(sum(output), 0)::bigint, coalesce(sum(cost), 0), (count(*) FILTER (WHERE cache <> 'miss'))::int,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY duration) FILTER (WHERE status < 400),
            percentile_disc(0.95) WITHIN GROUP (ORDER BY duration) FILTER (WHERE status < 400),
            percentile_disc(0.95) WITHIN GROUP (ORDER BY first_token) FILTER (WHERE status < 400)
        FROM (
            SELECT date_trunc('minute', at, 'UTC') AS minute, (usage->>'status')::int AS status, (usage->>'input_tokens')::int AS input, (usage->>'output_tokens')::int AS output,
                (usage->>'cost_usd')::numeric AS cost, usage->>'cache' AS cache, (usage->>'duration_ms')::float8 AS duration, (usage->>'first_token_ms')::float8 AS first_token
            FROM (
                SELECT at, body->'usage' AS usage FROM agentsystem.facts WHERE tenant_id = $1 AND kind = $2 AND at >= $3 AND id <> ALL ($4)
                UNION ALL
                SELECT (queued->>'at')::timestamptz, queued->'usage' FROM unnest($5) AS queued
            ) AS fact
        ) AS request
        GROUP BY GROUPING SETS ((), (minute)) ORDER BY minute NULLS FIRST
        """;

    public static async Task<RequestFigures> ReadAsync(TenantSession session, string tenant, DateTimeOffset since, IReadOnlyList<QueuedFact> queued, CancellationToken cancellation)
    {
        await using var select = session.Command(
            Sql, tenant, FactRows.RequestServed, since,
            new NpgsqlParameter { Value = queued.Select(static fact => fact.Id).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new NpgsqlParameter { Value = queued.Select(static fact => StoredJson.Write(fact.Fact)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var minutes = new List<MinuteBucket>();
        var all = new RequestFigures(
            reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetDecimal(5), reader.GetInt32(6),
            Milliseconds(reader, 7), Milliseconds(reader, 8), Milliseconds(reader, 9), minutes);
        while (await reader.ReadAsync(cancellation))
        {
            minutes.Add(new MinuteBucket(reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt32(1), reader.GetInt32(2)));
        }

        return all;
    }

    private static double? Milliseconds(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
