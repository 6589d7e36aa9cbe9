using System.Collections.Concurrent;
using System.Globalization;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestPostgres))]

namespace AgentSystem.Tests.Harness;

/// <summary>
/// One real PostgreSQL server for the whole test run, started when the first test asks and gone after the last.
/// A test class takes it through its constructor and makes itself a database that no other test sees.
/// </summary>
public sealed class TestPostgres : IAsyncLifetime
{
    private const string FolderPrefix = "agentsystem-tests-";

    private readonly SemaphoreSlim starting = new(1);
    private readonly ConcurrentDictionary<string, Lazy<Task>> templates = new();
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"{FolderPrefix}{Environment.ProcessId}");
    private EmbeddedPostgres? server;
    private int databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A connection string to a new, empty database.</summary>
    public Task<string> CreateDatabaseAsync() => CreateDatabaseFromAsync("template1");

    /// <summary>
    /// A connection string to a new copy of the database <paramref name="template"/>, which <paramref name="migrate"/> fills
    /// once per test run: the first caller pays for the migration, the others for a file copy.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(string template, Func<string, Task> migrate)
    {
        await templates.GetOrAdd(template, name => new Lazy<Task>(() => MakeTemplateAsync(name, migrate))).Value;
        return await CreateDatabaseFromAsync(template);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        starting.Dispose();
    }

    private async Task MakeTemplateAsync(string template, Func<string, Task> migrate)
    {
        await ExecuteAsync($"create database \"{template}\"");
        // Without a pool nothing stays connected, and a template with a connection cannot be copied.
        await migrate(new NpgsqlConnectionStringBuilder(await ConnectionStringAsync(template)) { Pooling = false }.ConnectionString);
        await ExecuteAsync($"alter database \"{template}\" allow_connections false");
        await ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{template}'");
    }

    private async Task<string> CreateDatabaseFromAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref databases).ToString(CultureInfo.InvariantCulture)}";
        await ExecuteAsync($"create database {name} template \"{template}\"");
        return await ConnectionStringAsync(name);
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(await ConnectionStringAsync("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> ConnectionStringAsync(string database)
    {
        await starting.WaitAsync();
        try
        {
            server ??= await StartAsync();
        }
        finally
        {
            starting.Release();
        }

        // Few per database: hundreds of test databases share one server.
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;
    }

    private async Task<EmbeddedPostgres> StartAsync()
    {
        await SweepAsync();
        return await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataFolder = folder, Durable = false }, NullLogger.Instance, CancellationToken.None);
    }

    /// <summary>A killed test run leaves its server running; the folder's name tells whose it was.</summary>
    private static async Task SweepAsync()
    {
        foreach (var left in Directory.EnumerateDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            var owner = Path.GetFileName(left)[FolderPrefix.Length..];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var id) && !TestProcess.Lives(id))
            {
                await EmbeddedPostgres.RemoveAsync(left, NullLogger.Instance, CancellationToken.None);
            }
        }
    }
}
