using System.Data;
using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>
/// The stores' only way to Postgres: a transaction under the app role, in which row security shows one tenant's rows.
/// Role and tenant are set for the transaction only, so a pooled connection never carries them to its next user.
/// </summary>
internal sealed class RuntimeDatabase(NpgsqlDataSource source)
{
    /// <summary>Opens a transaction that sees and writes rows of <paramref name="tenant"/> only.</summary>
    public Task<TenantSession> OpenAsync(string tenant, CancellationToken cancellation) => OpenAsync(tenant, "", cancellation);

    /// <summary>The same for reading only, with one view of the rows for all its statements.</summary>
    public Task<TenantSession> OpenSnapshotAsync(string tenant, CancellationToken cancellation) => OpenAsync(tenant, "", cancellation, IsolationLevel.RepeatableRead);

    /// <summary>Opens a transaction for a batch over several tenants; only batch writers use it, and they name the tenants.</summary>
    public Task<TenantSession> OpenBatchAsync(IReadOnlyCollection<string> tenants, CancellationToken cancellation) =>
        OpenAsync("", string.Join(',', tenants), cancellation);

    /// <summary>Opens a transaction that sees no tenant's rows: all it can do is call functions that need none.</summary>
    public Task<TenantSession> OpenWithoutTenantAsync(CancellationToken cancellation) => OpenAsync("", "", cancellation);

    private async Task<TenantSession> OpenAsync(string tenant, string tenants, CancellationToken cancellation, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(isolation, cancellation);
            await using var enter = new NpgsqlCommand(
                "SELECT set_config('role', $1, true), set_config('agentsystem.tenant', $2, true), set_config('agentsystem.tenants', $3, true)",
                connection,
                transaction);
            enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = RuntimeSchema.AppRole });
            enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
            enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenants });
            await enter.ExecuteNonQueryAsync(cancellation);
            return new TenantSession(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
