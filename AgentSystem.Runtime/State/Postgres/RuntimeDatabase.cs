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

    /// <summary>
    /// Opens a transaction over several tenants without a round trip of its own: <see cref="TenantSession.Enter"/> must lead its first batch, and <see cref="TenantSession.Commit"/>
    /// may end its last. For writers whose pace is the number of round trips. Its statements are planned over indexes, whatever the tables' sizes were when they were first prepared.
    /// </summary>
    public async Task<TenantSession> OpenLeanAsync(IReadOnlyCollection<string> tenants, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            // Row security asks for the one tenant first, which is cheaper than looking it up in a list for every row.
            var (one, several) = tenants.Count == 1 ? (tenants.First(), "") : ("", string.Join(',', tenants));
            var enter = new NpgsqlBatchCommand(Settings + Indexes);
            Fill(enter.Parameters, one, several);
            // The server hears of the transaction together with the first batch.
            return new TenantSession(connection, await connection.BeginTransactionAsync(cancellation)) { Enter = enter };
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<TenantSession> OpenAsync(string tenant, string tenants, CancellationToken cancellation, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(isolation, cancellation);
            await using var enter = new NpgsqlCommand(Settings, connection, transaction);
            Fill(enter.Parameters, tenant, tenants);
            await enter.ExecuteNonQueryAsync(cancellation);
            return new TenantSession(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private void Fill(NpgsqlParameterCollection values, string tenant, string tenants)
    {
        foreach (var value in new[] { RuntimeSchema.AppRole, tenant, tenants, longest })
        {
            values.Add(new NpgsqlParameter<string> { TypedValue = value });
        }
    }

    private const string Settings =
        "SELECT set_config('role', $1, true), set_config('agentsystem.tenant', $2, true), set_config('agentsystem.tenants', $3, true), set_config('idle_in_transaction_session_timeout', $4, true)";

    // One plan for good: a statement over arrays would otherwise be planned anew each time it comes with few rows, which costs more than it does.
    private const string Indexes =
        ", set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), "
        + "set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)";
}
