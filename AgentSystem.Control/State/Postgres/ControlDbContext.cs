using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentSystem.Control.State.Postgres;

/// <summary>Carries the control plane's migrations and nothing else; the stores speak SQL.</summary>
internal sealed class ControlDbContext(DbContextOptions<ControlDbContext> options) : DbContext(options)
{
    public const string HistoryTable = "control_migrations";

    public static ControlDbContext Over(NpgsqlDataSource source) => new(
        new DbContextOptionsBuilder<ControlDbContext>()
            .UseNpgsql(source, npgsql => npgsql.MigrationsHistoryTable(HistoryTable, ControlSchema.Name))
            .Options);
}
