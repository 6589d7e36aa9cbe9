using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threats.Intelligence;

namespace AgentSystem.Runtime.Threats.Postgres;

/// <summary>Indicators in Postgres. An id is made of kind and value, so that importing a value again meets its own row.</summary>
internal sealed class PostgresIntelligenceStore(RuntimeDatabase database) : IIntelligenceStore
{
    private const int IdDigits = 32;

    public async Task<int?> ImportAsync(string tenant, string source, IReadOnlyCollection<Indicator> indicators, int most, DateTimeOffset at, CancellationToken cancellation)
    {
        // A value twice in a list counts once: a statement may not change a row twice.
        Indicator[] distinct = [.. indicators.DistinctBy(static each => (each.Kind, each.Value))];
        await using var session = await database.OpenAsync(tenant, cancellation);
        // First, and until the transaction ends: imports of a tenant come one after the other, and whoever reads the new version finds its rows.
        await GrowAsync(session, tenant, cancellation);
        await using (var upsert = session.Command(
            """
            INSERT INTO agentsystem.indicators AS i (tenant_id, id, kind, value, confidence, origin, added_at, expires_at)
            SELECT $1, id, kind, value, confidence, $6, $7, expires_at FROM unnest($2::text[], $3::text[], $4::text[], $5::double precision[], $8::timestamptz[]) AS new (id, kind, value, confidence, expires_at)
            ON CONFLICT (tenant_id, id) DO UPDATE SET confidence = excluded.confidence, origin = excluded.origin, added_at = excluded.added_at, expires_at = excluded.expires_at
            """,
            tenant, distinct.Select(IdOf).ToArray(), distinct.Select(static each => ThreatRows.Word(each.Kind)).ToArray(), distinct.Select(static each => each.Value).ToArray(),
            ThreatRows.Numbers(distinct.Select(static each => each.Confidence)), source, at, ThreatRows.Moments(distinct.Select(static each => each.ExpiresAt))))
        {
            await upsert.ExecuteNonQueryAsync(cancellation);
        }

        await using (var count = session.Command("SELECT count(*) FROM agentsystem.indicators WHERE tenant_id = $1", tenant))
        {
            if ((long)(await count.ExecuteScalarAsync(cancellation))! > most)
            {
                return null;
            }
        }

        await session.CommitAsync(cancellation);
        return distinct.Length;
    }

    public async Task<IReadOnlyList<IndicatorView>> ListAsync(string tenant, string? source, IndicatorKind? kind, string? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT id, kind, value, confidence, origin, added_at, expires_at FROM agentsystem.indicators
            WHERE tenant_id = $1 AND ($2::text IS NULL OR origin = $2) AND ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR id > $4) ORDER BY id LIMIT $5
            """,
            tenant, ThreatRows.Text(source), ThreatRows.Text(kind is { } only ? ThreatRows.Word(only) : null), ThreatRows.Text(after), limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var indicators = new List<IndicatorView>();
        while (await reader.ReadAsync(cancellation))
        {
            indicators.Add(new IndicatorView(
                reader.GetString(0), ThreatRows.Word<IndicatorKind>(reader.GetString(1)), reader.GetString(2), reader.GetDouble(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), ThreatRows.Moment(reader, 6)));
        }

        return indicators;
    }

    public async Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellation) =>
        await DeleteAsync(tenant, "DELETE FROM agentsystem.indicators WHERE tenant_id = $1 AND id = $2", id, cancellation) > 0;

    public Task<int> RemoveSourceAsync(string tenant, string source, CancellationToken cancellation) =>
        DeleteAsync(tenant, "DELETE FROM agentsystem.indicators WHERE tenant_id = $1 AND origin = $2", source, cancellation);

    public async Task<IReadOnlyDictionary<string, long>> VersionsAsync(CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT tenant_id, version FROM agentsystem.all_indicator_versions()");
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            versions[reader.GetString(0)] = reader.GetInt64(1);
        }

        return versions;
    }

    public async Task<IReadOnlyCollection<Indicator>> ReadAsync(string tenant, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            "SELECT kind, value, confidence, expires_at FROM agentsystem.indicators WHERE tenant_id = $1 AND (expires_at IS NULL OR expires_at > $2)", tenant, now);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var indicators = new List<Indicator>();
        while (await reader.ReadAsync(cancellation))
        {
            indicators.Add(new Indicator(ThreatRows.Word<IndicatorKind>(reader.GetString(0)), reader.GetString(1), reader.GetDouble(2), ThreatRows.Moment(reader, 3)));
        }

        return indicators;
    }

    private async Task<int> DeleteAsync(string tenant, string sql, string what, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await GrowAsync(session, tenant, cancellation);
        await using var delete = session.Command(sql, tenant, what);
        var rows = await delete.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        return rows;
    }

    private static async Task GrowAsync(TenantSession session, string tenant, CancellationToken cancellation)
    {
        await using var grow = session.Command(
            "INSERT INTO agentsystem.indicator_versions AS v (tenant_id, version) VALUES ($1, 1) ON CONFLICT (tenant_id) DO UPDATE SET version = v.version + 1", tenant);
        await grow.ExecuteNonQueryAsync(cancellation);
    }

    private static string IdOf(Indicator indicator) =>
        "ind_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{indicator.Kind} {indicator.Value}")))[..IdDigits];
}
