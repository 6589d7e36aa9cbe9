using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>The data plane's tables: making them, and telling whether they are the ones this build was written for.</summary>
public static class RuntimeSchema
{
    /// <summary>The Postgres schema both planes keep their tables in.</summary>
    public const string Name = "agentsystem";

    /// <summary>The role run-time sessions take: it owns nothing and row security binds it.</summary>
    public const string AppRole = "agentsystem_app";

    private static readonly Lazy<IReadOnlyList<string>> Known = new(FindMigrations);

    /// <summary>
    /// Applies what is missing. The login needs the right to create a schema, and to create the role <see cref="AppRole"/> where it does not exist yet.
    /// Run it inside <see cref="SchemaLock.RunAsync"/>; it does nothing (and does not even load Entity Framework) when the schema is current.
    /// </summary>
    public static async Task MigrateRuntimeAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var applied = await AppliedAsync(source, cancellation);
        if (Known.Value.All(applied.Contains))
        {
            return;
        }

        await using var context = RuntimeDbContext.Over(source);
        await context.Database.MigrateAsync(cancellation);
    }

    /// <summary>Null when the schema is exactly the one this build knows; otherwise one line that says what is wrong and names the cure.</summary>
    public static async Task<string?> ProblemAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var applied = await AppliedAsync(source, cancellation);
        var newer = applied.Except(Known.Value).Order(StringComparer.Ordinal).ToList();
        if (newer.Count > 0)
        {
            return $"the database's runtime schema is newer than this build (unknown: {string.Join(", ", newer)}); start the version that made it, or a later one";
        }

        var missing = Known.Value.Except(applied).ToList();
        return missing.Count > 0
            ? $"the database's runtime schema is older than this build (missing: {string.Join(", ", missing)}); run the migration step first"
            : null;
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var exists = new NpgsqlCommand($"SELECT to_regclass('{Name}.{RuntimeDbContext.HistoryTable}') IS NOT NULL", connection);
        var applied = new HashSet<string>(StringComparer.Ordinal);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return applied;
        }

        await using var select = new NpgsqlCommand($"""SELECT "MigrationId" FROM {Name}.{RuntimeDbContext.HistoryTable}""", connection);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            applied.Add(reader.GetString(0));
        }

        return applied;
    }

    private static List<string> FindMigrations() =>
        [.. from type in typeof(RuntimeDbContext).Assembly.GetTypes()
            where type.GetCustomAttribute<DbContextAttribute>()?.ContextType == typeof(RuntimeDbContext)
            let id = type.GetCustomAttribute<MigrationAttribute>()?.Id
            where id is not null
            orderby id
            select id];
}
