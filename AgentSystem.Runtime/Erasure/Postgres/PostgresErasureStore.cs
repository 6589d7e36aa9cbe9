using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Erasure.Postgres;

/// <summary>Erases through one function of the database, which may what the app role may not, and keeps the receipt in the same transaction.</summary>
internal sealed class PostgresErasureStore(RuntimeDatabase database) : IErasureStore
{
    public async Task<ErasureReceipt> EraseAsync(Erasure erasure, Func<IReadOnlyList<ErasedPlace>, Task<ErasureReceipt>> receipt, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(erasure.Tenant, cancellation);
        var places = new List<ErasedPlace>();
        await using (var erase = session.Command("SELECT place, things FROM agentsystem.erase_user($1, $2, $3)", erasure.User, erasure.Pseudonym, erasure.ThreadsToo))
        {
            await using var row = await erase.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                places.Add(new ErasedPlace(row.GetString(0), row.GetInt64(1)));
            }
        }

        var made = await receipt(places);
        await using var insert = session.Command(
            "INSERT INTO agentsystem.memory_erasures (tenant_id, id, subject, at, body, signature, key_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            erasure.Tenant, made.Id, made.Subject, made.At, JsonSerializer.Serialize(made, PlatformJson.Options), Convert.FromBase64String(made.Signature), made.KeyId);
        await insert.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        return made;
    }

    public async Task<ErasureReceipt?> FindAsync(string tenant, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var find = session.Command("SELECT body FROM agentsystem.memory_erasures WHERE tenant_id = $1 AND id = $2", tenant, id);
        return await find.ExecuteScalarAsync(cancellation) is string body ? Read(body) : null;
    }

    public async Task<IReadOnlyList<ErasureReceipt>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        await using var list = session.Command("SELECT body FROM agentsystem.memory_erasures WHERE tenant_id = $1 AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3", tenant, after, limit);
        await using var row = await list.ExecuteReaderAsync(cancellation);
        var receipts = new List<ErasureReceipt>();
        while (await row.ReadAsync(cancellation))
        {
            receipts.Add(Read(row.GetString(0)));
        }

        return receipts;
    }

    public async Task<(IReadOnlyList<(string Tenant, string Subject)> Erased, ulong Seen)> SinceAsync(ulong seen, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var select = session.Command(
            "SELECT tenant_id, subject, changed FROM agentsystem.memory_erasures_since($1)", new NpgsqlParameter { Value = seen, NpgsqlDbType = NpgsqlDbType.Xid8 });
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var erased = new List<(string, string)>();
        while (await row.ReadAsync(cancellation))
        {
            erased.Add((row.GetString(0), row.GetString(1)));
            seen = row.GetFieldValue<ulong>(2);
        }

        return (erased, seen);
    }

    private static ErasureReceipt Read(string body) => JsonSerializer.Deserialize<ErasureReceipt>(body, PlatformJson.Options)!;
}
