using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>
/// Carries the data plane's migrations and nothing else: row security, partitions and functions are SQL, and the stores
/// speak SQL, so there is no second description of the tables that could drift from the first.
/// </summary>
internal sealed class RuntimeDbContext(DbContextOptions<RuntimeDbContext> options) : DbContext(options)
{
    public const string HistoryTable = "runtime_migrations";

    public static RuntimeDbContext Over(NpgsqlDataSource source) => new(
        new DbContextOptionsBuilder<RuntimeDbContext>()
            .UseNpgsql(source, npgsql => npgsql.MigrationsHistoryTable(HistoryTable, RuntimeSchema.Name))
            .Options);
}
