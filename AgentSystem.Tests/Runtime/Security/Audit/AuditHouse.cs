using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Audit.Postgres;
using AgentSystem.Runtime.Security.Audit.Tree;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentSystem.Tests.Runtime.Security.Audit;

/// <summary>The audit log over a real database of its own. Nothing runs by itself: a test writes, flushes and signs.</summary>
internal sealed class AuditHouse : IAsyncDisposable
{
    public const string Root = "a-root-key-for-tests-0123456789-0123456789";

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private AuditHouse(MigratedDatabase database)
    {
        Database = database;
        Store = new PostgresAuditStore(database.Runtime);
        Log = NewLog();
    }

    public MigratedDatabase Database { get; }

    public IAuditStore Store { get; }

    public AuditSeal Seal { get; } = new(new RootKey(Root));

    public ChainedAuditLog Log { get; }

    public static async Task<AuditHouse> CreateAsync(TestPostgres postgres) => new(await MigratedDatabase.CreateAsync(postgres));

    /// <summary>The log of another process on the same database.</summary>
    public ChainedAuditLog NewLog(AuditOptions? options = null, IAuditStore? store = null, TimeProvider? time = null)
    {
        var (kept, clock) = (store ?? Store, time ?? TimeProvider.System);
        var chain = new AuditChain(kept, new AuditSubjects(kept, Seal, clock), clock);
        return new ChainedAuditLog(chain, new AuditTelemetry(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), Options.Create(options ?? new AuditOptions()), clock, NullLogger<ChainedAuditLog>.Instance);
    }

    /// <summary>Signs for this database.</summary>
    /// <param name="path">The second place; null: none.</param>
    public AuditRooter NewRooter(string? path) =>
        new(new PostgresAuditTree(Database.Runtime), new AuditSigner(new RootKey(Root)), File(path), Log, new AuditTelemetry(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), TimeProvider.System, NullLogger<AuditRooter>.Instance);

    public AuditProofs NewProofs(string? path) => new(new PostgresAuditTree(Database.Runtime), new AuditSigner(new RootKey(Root)), File(path), TimeProvider.System);

    public AuditReader NewReader() => new(Store, new PostgresAuditTree(Database.Runtime), Seal, new AuditSubjects(Store, Seal, TimeProvider.System));

    public async Task<string[]> ExportAsync(string tenant = Tenants.Default) => await NewProofs(null).ExportAsync(tenant, default).ToArrayAsync();

    private static RootsFile File(string? path) => new(Options.Create(new AuditOptions { RootsPath = path }));

    /// <summary>Writes so many events, which must be kept.</summary>
    public async Task WriteAsync(int count, string tenant = Tenants.Default, ChainedAuditLog? log = null)
    {
        for (var i = 1; i <= count; i++)
        {
            Assert.True(await (log ?? Log).WriteAsync(Event($"thing:{i}", tenant), CancellationToken.None));
        }
    }

    public static AuditEvent Event(string on, string tenant = Tenants.Default, string actor = "key:key_1") => new(tenant, actor, "thing.change", on, AuditDecision.Allowed, "req_1");

    /// <summary>A tenant's entries, the oldest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> EntriesAsync(string tenant = Tenants.Default) => [.. (await Store.ListAsync(tenant, new AuditQuery(), null, 1_000, default)).Reverse()];

    /// <summary>What somebody does who owns the database.</summary>
    public async Task<int> TamperAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
