using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Security.Postgres;

/// <summary>Keys in Postgres. The hash is looked up through a function that runs as the tables' owner, because the tenant is not known yet.</summary>
internal sealed class PostgresKeyStore(RuntimeDatabase database) : IKeyStore
{
    private const string Columns = """
        id, name, prefix, tenant_id, team, user_name, scopes, agents, tools,
        requests_per_minute, tokens_per_minute, concurrency, created_at, expires_at, revoked_at, last_used_at
        """;

    public async Task<StoredKey?> FindByHashAsync(byte[] hash, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command($"SELECT {Columns} FROM agentsystem.find_key($1)", hash);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new StoredKey(hash, View(reader)) : null;
    }

    public async Task AddAsync(StoredKey key, CancellationToken cancellation)
    {
        var view = key.View;
        await using var session = await database.OpenAsync(view.Tenant, cancellation);
        await using var insert = session.Command(
            $"INSERT INTO agentsystem.api_keys (hash, {Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            key.Hash, view.Id, view.Name, view.Prefix, view.Tenant, view.Team, view.User, view.Scopes, view.Agents, view.Tools,
            view.Limits.RequestsPerMinute, view.Limits.TokensPerMinute, view.Limits.Concurrency, view.CreatedAt, view.ExpiresAt, view.RevokedAt, view.LastUsedAt);
        await insert.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    public Task<IReadOnlyList<KeyView>> ListAsync(string tenant, CancellationToken cancellation) => PageAsync(tenant, null, int.MaxValue, cancellation);

    public async Task<IReadOnlyList<KeyView>> PageAsync(string tenant, string? after, int limit, CancellationToken cancellation)
    {
        // Keys are never removed, so the last one shown still tells where the list goes on.
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var select = session.Command(
            $"""
            SELECT {Columns} FROM agentsystem.api_keys
            WHERE tenant_id = $1 AND ($2::text IS NULL OR (created_at, id) < (SELECT last.created_at, last.id FROM agentsystem.api_keys AS last WHERE last.tenant_id = $1 AND last.id = $2))
            ORDER BY created_at DESC, id DESC LIMIT $3
            """,
            tenant, after, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var keys = new List<KeyView>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(View(reader));
        }

        return keys;
    }

    public async Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellation) =>
        await UpdateAsync(tenant, "UPDATE agentsystem.api_keys SET revoked_at = coalesce(revoked_at, $3) WHERE tenant_id = $1 AND id = $2", cancellation, tenant, id, at) == 1;

    public Task RevokeOthersNamedAsync(string tenant, string name, string exceptId, DateTimeOffset at, CancellationToken cancellation) =>
        UpdateAsync(
            tenant,
            "UPDATE agentsystem.api_keys SET revoked_at = $4 WHERE tenant_id = $1 AND name = $2 AND id <> $3 AND revoked_at IS NULL",
            cancellation, tenant, name, exceptId, at);

    public Task TouchAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellation) =>
        UpdateAsync(tenant, "UPDATE agentsystem.api_keys SET last_used_at = greatest(last_used_at, $3) WHERE tenant_id = $1 AND id = $2", cancellation, tenant, id, at);

    private async Task<int> UpdateAsync(string tenant, string sql, CancellationToken cancellation, params IReadOnlyList<object?> values)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var update = session.Command(sql, values);
        var rows = await update.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        return rows;
    }

    private static KeyView View(NpgsqlDataReader row) => new(
        Id: row.GetString(0),
        Name: row.GetString(1),
        Prefix: row.GetString(2),
        Tenant: row.GetString(3),
        Team: Optional<string>(row, 4),
        User: Optional<string>(row, 5),
        Scopes: row.GetFieldValue<string[]>(6),
        Agents: row.GetFieldValue<string[]>(7),
        Tools: row.GetFieldValue<string[]>(8),
        Limits: new KeyLimits(Optional<int?>(row, 9), Optional<int?>(row, 10), Optional<int?>(row, 11)),
        CreatedAt: row.GetFieldValue<DateTimeOffset>(12),
        ExpiresAt: Optional<DateTimeOffset?>(row, 13),
        RevokedAt: Optional<DateTimeOffset?>(row, 14),
        LastUsedAt: Optional<DateTimeOffset?>(row, 15));

    private static T? Optional<T>(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? default : row.GetFieldValue<T>(column);
}
