using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threats.Conduct;

namespace AgentSystem.Runtime.Threats.Postgres;

/// <summary>Profiles in Postgres, a row each.</summary>
internal sealed class PostgresProfileStore(RuntimeDatabase database) : IProfileStore
{
    public async Task<IReadOnlyList<(ConductSubject Subject, ConductProfile Profile)>> ReadAsync(IReadOnlyCollection<ConductSubject> subjects, CancellationToken cancellation)
    {
        await using var session = await database.OpenBatchAsync(Tenants(subjects), cancellation);
        await using var select = session.Command(
            """
            SELECT p.tenant_id, p.subject, p.learned, p.rate_mean, p.rate_variance, p.cost_mean, p.cost_variance FROM agentsystem.conduct_profiles AS p
            JOIN unnest($1::text[], $2::text[]) AS asked (tenant_id, subject) ON p.tenant_id = asked.tenant_id AND p.subject = asked.subject
            """,
            subjects.Select(static each => each.Tenant).ToArray(), subjects.Select(static each => each.Name).ToArray());
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var kept = new List<(ConductSubject, ConductProfile)>();
        while (await reader.ReadAsync(cancellation))
        {
            var learned = reader.GetInt32(2);
            kept.Add((
                new ConductSubject(reader.GetString(0), reader.GetString(1)),
                new ConductProfile(new LearnedLevel(learned, reader.GetDouble(3), reader.GetDouble(4)), new LearnedLevel(learned, reader.GetDouble(5), reader.GetDouble(6)))));
        }

        return kept;
    }

    public async Task WriteAsync(IReadOnlyCollection<(ConductSubject Subject, ConductProfile Profile)> profiles, DateTimeOffset at, CancellationToken cancellation)
    {
        // In one order everywhere: two processes that keep the same ones must not wait for each other.
        var ordered = profiles.OrderBy(static each => each.Subject.Tenant, StringComparer.Ordinal).ThenBy(static each => each.Subject.Name, StringComparer.Ordinal).ToArray();
        await using var session = await database.OpenBatchAsync(Tenants(ordered.Select(static each => each.Subject)), cancellation);
        await using var upsert = session.Command(
            """
            INSERT INTO agentsystem.conduct_profiles AS p (tenant_id, subject, learned, rate_mean, rate_variance, cost_mean, cost_variance, updated_at)
            SELECT tenant_id, subject, learned, rate_mean, rate_variance, cost_mean, cost_variance, $8
            FROM unnest($1::text[], $2::text[], $3::bigint[], $4::double precision[], $5::double precision[], $6::double precision[], $7::double precision[])
                AS new (tenant_id, subject, learned, rate_mean, rate_variance, cost_mean, cost_variance)
            ON CONFLICT (tenant_id, subject) DO UPDATE SET learned = excluded.learned, rate_mean = excluded.rate_mean, rate_variance = excluded.rate_variance,
                cost_mean = excluded.cost_mean, cost_variance = excluded.cost_variance, updated_at = excluded.updated_at
            WHERE excluded.learned >= p.learned
            """,
            ordered.Select(static each => each.Subject.Tenant).ToArray(), ordered.Select(static each => each.Subject.Name).ToArray(), ThreatRows.Wholes(ordered.Select(static each => (long)each.Profile.Rate.Learned)),
            ThreatRows.Numbers(ordered.Select(static each => each.Profile.Rate.Mean)), ThreatRows.Numbers(ordered.Select(static each => each.Profile.Rate.Variance)),
            ThreatRows.Numbers(ordered.Select(static each => each.Profile.Cost.Mean)), ThreatRows.Numbers(ordered.Select(static each => each.Profile.Cost.Variance)), at);
        await upsert.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    private static string[] Tenants(IEnumerable<ConductSubject> subjects) => [.. subjects.Select(static each => each.Tenant).Distinct(StringComparer.Ordinal)];
}
