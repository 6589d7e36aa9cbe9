using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.Security.Sealing.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Tests.Harness;

/// <summary>A migrated database of a test's own, with two tenants besides the default one.</summary>
internal sealed class MigratedDatabase : IAsyncDisposable
{
    public const string TenantA = "tenant-a";
    public const string TenantB = "tenant-b";

    private MigratedDatabase(NpgsqlDataSource source) => Source = source;

    /// <summary>Logs in as the owner: row security does not bind it, so a test can look at everything.</summary>
    public NpgsqlDataSource Source { get; }

    public RuntimeDatabase Runtime => new(Source);

    /// <summary>Seals under the root key that the other fixtures have too.</summary>
    public ISecretBox Box => field ??= NewBox();

    public static async Task<MigratedDatabase> CreateAsync(TestPostgres postgres)
    {
        var connectionString = await postgres.CreateDatabaseAsync("both_planes", async template =>
        {
            await using var source = NpgsqlDataSource.Create(template);
            await RuntimeSchema.MigrateRuntimeAsync(source, CancellationToken.None);
            await ControlSchema.MigrateControlAsync(source, CancellationToken.None);
            await using var tenants = source.CreateCommand($"INSERT INTO agentsystem.tenants (tenant_id) VALUES ('{TenantA}'), ('{TenantB}')");
            await tenants.ExecuteNonQueryAsync();
        });
        return new MigratedDatabase(NpgsqlDataSource.Create(connectionString));
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private SecretBox NewBox()
    {
        var root = new RootKey("a-root-key-for-tests-0123456789-0123456789");
        var (wrapping, store) = (new KeyWrapping(root), new PostgresDataKeyStore(Runtime));
        return new SecretBox(new DataKeys(store, wrapping, new RootSecrets(root, new PostgresRootStore(Runtime), store, wrapping), TimeProvider.System));
    }
}
