using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threats.Verdicts;
using Npgsql;

namespace AgentSystem.Runtime.Threats.Postgres;

/// <summary>Verdicts in Postgres: a row for each tenant, minute and verdict, and one for each flagged input.</summary>
internal sealed class PostgresVerdictLog(RuntimeDatabase database) : IVerdictLog
{
    private const int WindowMinutes = 60;

    public async Task WriteAsync(VerdictBatch batch, CancellationToken cancellation)
    {
        string[] tenants = [.. batch.Counts.Keys.Select(static of => of.Tenant).Concat(batch.Flagged.Select(static each => each.Tenant)).Distinct(StringComparer.Ordinal)];
        await using var session = await database.OpenBatchAsync(tenants, cancellation);
        // In one order everywhere: two processes that add to the same minutes must not wait for each other.
        var counts = batch.Counts.OrderBy(static each => each.Key.Tenant, StringComparer.Ordinal).ThenBy(static each => each.Key.Minute).ThenBy(static each => each.Key.Verdict).ToArray();
        await using (var add = session.Command(
            """
            INSERT INTO agentsystem.verdict_counts AS c (tenant_id, minute, verdict, texts)
            SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::bigint[])
            ON CONFLICT (tenant_id, minute, verdict) DO UPDATE SET texts = c.texts + excluded.texts
            """,
            counts.Select(static each => each.Key.Tenant).ToArray(), ThreatRows.Moments(counts.Select(static each => (DateTimeOffset?)each.Key.Minute)),
            counts.Select(static each => ThreatRows.Word(each.Key.Verdict)).ToArray(), ThreatRows.Wholes(counts.Select(static each => each.Value))))
        {
            await add.ExecuteNonQueryAsync(cancellation);
        }

        if (batch.Flagged.Count > 0)
        {
            await using var keep = session.Command(
                """
                INSERT INTO agentsystem.flagged_inputs (tenant_id, id, at, key_id, user_name, body)
                SELECT tenant_id, id, at, key_id, user_name, body::jsonb
                FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]) AS new (tenant_id, id, at, key_id, user_name, body)
                ON CONFLICT (tenant_id, id) DO NOTHING
                """,
                batch.Flagged.Select(static each => each.Tenant).ToArray(), batch.Flagged.Select(static each => each.Input.Id).ToArray(), ThreatRows.Moments(batch.Flagged.Select(static each => (DateTimeOffset?)each.Input.At)),
                batch.Flagged.Select(static each => each.Input.KeyId).ToArray(), batch.Flagged.Select(static each => each.Input.User).ToArray(), batch.Flagged.Select(static each => StoredJson.Write(each.Input)).ToArray());
            await keep.ExecuteNonQueryAsync(cancellation);
        }

        await session.CommitAsync(cancellation);
    }

    public async Task<VerdictsView> ReadAsync(string tenant, DateTimeOffset now, int flagged, CancellationToken cancellation)
    {
        await using var session = await database.OpenSnapshotAsync(tenant, cancellation);
        var counts = new Dictionary<ScreenVerdict, long>();
        await using (var select = session.Command(
            "SELECT verdict, sum(texts)::bigint FROM agentsystem.verdict_counts WHERE tenant_id = $1 AND minute > $2 GROUP BY verdict", tenant, now.AddMinutes(-WindowMinutes)))
        await using (var reader = await select.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                counts[ThreatRows.Word<ScreenVerdict>(reader.GetString(0))] = reader.GetInt64(1);
            }
        }

        await using var newest = session.Command("SELECT body::text FROM agentsystem.flagged_inputs WHERE tenant_id = $1 ORDER BY at DESC, id DESC LIMIT $2", tenant, flagged);
        return new VerdictsView(
            WindowMinutes, counts.GetValueOrDefault(ScreenVerdict.Allowed), counts.GetValueOrDefault(ScreenVerdict.AllowedWithMonitoring), counts.GetValueOrDefault(ScreenVerdict.Blocked),
            await InputsAsync(newest, cancellation));
    }

    public async Task<IReadOnlyList<FlaggedInput>> OfSubjectAsync(string tenant, string subject, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            "SELECT body::text FROM agentsystem.flagged_inputs WHERE tenant_id = $1 AND at >= $2 AND at <= $3 AND ('key:' || key_id = $4 OR user_name = $4) ORDER BY at DESC, id DESC LIMIT $5",
            tenant, from, to, subject, limit);
        return await InputsAsync(select, cancellation);
    }

    public async Task<int> CleanAsync(DateTimeOffset before, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var delete = session.Command("SELECT agentsystem.delete_old_verdicts($1, $2)", before, most);
        var rows = (int)(await delete.ExecuteScalarAsync(cancellation))!;
        await session.CommitAsync(cancellation);
        return rows;
    }

    private static async Task<IReadOnlyList<FlaggedInput>> InputsAsync(NpgsqlCommand select, CancellationToken cancellation)
    {
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var inputs = new List<FlaggedInput>();
        while (await reader.ReadAsync(cancellation))
        {
            inputs.Add(StoredJson.Read<FlaggedInput>(reader.GetString(0)));
        }

        return inputs;
    }
}
