using System.Text.Json;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Security.Sealing.Postgres;

/// <summary>Data keys in Postgres: a row each version, with a wrap for each root secret that opens it.</summary>
internal sealed class PostgresDataKeyStore(RuntimeDatabase database) : IDataKeyStore
{
    private const string Columns = "tenant_id, version, wraps::text";

    public Task<WrappedKey?> FindAsync(string tenant, int version, CancellationToken cancellation) =>
        OneAsync(tenant, $"SELECT {Columns} FROM agentsystem.data_keys WHERE tenant_id = $1 AND version = $2", [tenant, version], cancellation);

    public Task<WrappedKey?> NewestAsync(string tenant, CancellationToken cancellation) =>
        OneAsync(tenant, $"SELECT {Columns} FROM agentsystem.data_keys WHERE tenant_id = $1 ORDER BY version DESC LIMIT 1", [tenant], cancellation);

    public async Task<WrappedKey> ReserveAsync(string tenant, long seals, long most, Func<int, IReadOnlyDictionary<string, byte[]>> wrap, CancellationToken cancellation)
    {
        await using var session = await OpenAloneAsync(tenant, cancellation);
        await using var count = session.Command(
            $"""
            UPDATE agentsystem.data_keys SET seals = seals + $2
            WHERE tenant_id = $1 AND version = (SELECT max(version) FROM agentsystem.data_keys WHERE tenant_id = $1) AND seals + $2 <= $3 RETURNING {Columns}
            """,
            tenant, seals, most);
        var key = await OneAsync(count, cancellation) ?? await AddAsync(session, tenant, seals, wrap, cancellation);
        await session.CommitAsync(cancellation);
        return key;
    }

    public async Task<IReadOnlyList<WrappedKey>> WithoutAsync(string root, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command("SELECT tenant_id, version, wraps::text FROM agentsystem.data_keys_without($1, $2)", root, most);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var keys = new List<WrappedKey>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(Read(reader));
        }

        return keys;
    }

    public async Task WrapAsync(string root, IReadOnlyCollection<(WrappedKey Key, byte[] Wrapped)> wraps, CancellationToken cancellation)
    {
        await using var session = await database.OpenBatchAsync([.. wraps.Select(static wrap => wrap.Key.Tenant).Distinct(StringComparer.Ordinal)], cancellation);
        await using var update = session.Command(
            """
            UPDATE agentsystem.data_keys AS k SET wraps = k.wraps || jsonb_build_object($1::text, w.wrapped)
            FROM unnest($2::text[], $3::int[], $4::text[]) AS w (tenant_id, version, wrapped) WHERE k.tenant_id = w.tenant_id AND k.version = w.version
            """,
            root, wraps.Select(static wrap => wrap.Key.Tenant).ToList(), new NpgsqlParameter { Value = wraps.Select(static wrap => wrap.Key.Version).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
            wraps.Select(static wrap => Convert.ToBase64String(wrap.Wrapped)).ToList());
        await update.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    public async Task ForgetOthersAsync(string root, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var forget = session.Command("SELECT agentsystem.forget_other_wraps($1)", root);
        await forget.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    /// <summary>Versions of one tenant are made one after the other.</summary>
    private async Task<TenantSession> OpenAloneAsync(string tenant, CancellationToken cancellation)
    {
        var session = await database.OpenAsync(tenant, cancellation);
        await using var alone = session.Command("SELECT pg_advisory_xact_lock(hashtextextended('agentsystem.data_keys ' || $1, 0))", tenant);
        await alone.ExecuteNonQueryAsync(cancellation);
        return session;
    }

    private static async Task<WrappedKey> AddAsync(TenantSession session, string tenant, long seals, Func<int, IReadOnlyDictionary<string, byte[]>> wrap, CancellationToken cancellation)
    {
        await using var newest = session.Command("SELECT coalesce(max(version), 0) + 1 FROM agentsystem.data_keys WHERE tenant_id = $1", tenant);
        var version = (int)(await newest.ExecuteScalarAsync(cancellation))!;
        var wraps = wrap(version);
        await using var insert = session.Command(
            "INSERT INTO agentsystem.data_keys (tenant_id, version, seals, wraps, created_at) VALUES ($1, $2, $3, $4, clock_timestamp())", tenant, version, seals, StoredJson.Parameter(wraps));
        await insert.ExecuteNonQueryAsync(cancellation);
        return new WrappedKey(tenant, version, wraps);
    }

    private async Task<WrappedKey?> OneAsync(string tenant, string sql, IReadOnlyList<object?> values, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(sql, values);
        return await OneAsync(select, cancellation);
    }

    private static async Task<WrappedKey?> OneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private static WrappedKey Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt32(1), StoredJson.Read<Dictionary<string, byte[]>>(row.GetString(2)));
}
