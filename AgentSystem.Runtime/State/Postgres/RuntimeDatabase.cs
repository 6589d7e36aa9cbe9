using System.Data;
using System.Globalization;
using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>
/// The stores' only way to Postgres: a transaction under the app role, in which row security shows one tenant's rows.
/// Role and tenant are set for the transaction only, so a pooled connection never carries them to its next user.
/// </summary>
/// <param name="source">The server.</param>
/// <param name="silence">
/// How long a transaction may be open without a statement before the server ends it; <see cref="LongestSilence"/> if not said. A process that is paused, or cut
/// off, between two statements keeps its rows locked for as long as the connection lives: nobody could take over its runs, however long ago its lease ended.
/// </param>
internal sealed class RuntimeDatabase(NpgsqlDataSource source, TimeSpan? silence = null)
{
    /// <summary>Far longer than any of our transactions computes between statements, and shorter than the default lease of a run (15 s).</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    private readonly string longest = ((long)(silence ?? LongestSilence).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

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
                "SELECT set_config('role', $1, true), set_config('agentsystem.tenant', $2, true), set_config('agentsystem.tenants', $3, true), set_config('idle_in_transaction_session_timeout', $4, true)",
                connection,
                transaction);
            enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = RuntimeSchema.AppRole });
            enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
            enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenants });
            enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = longest });
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
