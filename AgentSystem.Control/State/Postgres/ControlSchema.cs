using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AgentSystem.Control.State.Postgres;

/// <summary>The control plane's tables: making them, and telling whether they are the ones this build was written for.</summary>
public static class ControlSchema
{
    internal const string Name = "agentsystem";

    private static readonly Lazy<IReadOnlyList<string>> Known = new(static () =>
        [.. typeof(ControlSchema).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().Order(StringComparer.Ordinal)]);

    /// <summary>Applies what is missing. Run it under the schema lock, after the data plane's migrations: they make the schema, the app role and the isolation function.</summary>
    public static async Task MigrateControlAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var applied = await AppliedAsync(source, cancellation);
        if (Known.Value.All(applied.Contains))
        {
            return;
        }

        await using var context = ControlDbContext.Over(source);
        await context.Database.MigrateAsync(cancellation);
    }

    /// <summary>Null when the schema is exactly the one this build knows; otherwise one line with the cure.</summary>
    public static async Task<string?> ProblemAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var applied = await AppliedAsync(source, cancellation);
        return (applied.Except(Known.Value).Order(StringComparer.Ordinal).ToList(), Known.Value.Except(applied).ToList()) switch
        {
            ({ Count: > 0 } newer, _) => $"the database's control schema is newer than this build (unknown: {string.Join(", ", newer)}); start the version that made it, or a later one",
            (_, { Count: > 0 } missing) => $"the database's control schema is older than this build (missing: {string.Join(", ", missing)}); run the migration step first",
            _ => null,
        };
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var exists = new NpgsqlCommand($"SELECT to_regclass('{Name}.{ControlDbContext.HistoryTable}') IS NOT NULL", connection);
        var applied = new HashSet<string>(StringComparer.Ordinal);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return applied;
        }

        await using var select = new NpgsqlCommand($"""SELECT "MigrationId" FROM {Name}.{ControlDbContext.HistoryTable}""", connection);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            applied.Add(reader.GetString(0));
        }

        return applied;
    }
}
