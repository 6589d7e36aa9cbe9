using System.Diagnostics;
using System.Globalization;
using AgentSystem.AppHost.Embedded;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentSystem.Benchmarks.Servers.Postgres;

/// <summary>A PostgreSQL of the benchmark's own with our tables, as durable as an installation's. Its files go with it, whatever happens meanwhile.</summary>
internal sealed class DurableServer : IAsyncDisposable
{
    private readonly string folder;
    private readonly PostgresBinaries binaries;
    private EmbeddedPostgres postgres;

    private DurableServer(string folder, EmbeddedPostgres postgres, PostgresBinaries binaries)
    {
        (this.folder, this.postgres, this.binaries) = (folder, postgres, binaries);
        Source = NpgsqlDataSource.Create(postgres.ConnectionString);
    }

    /// <summary>How the server is set, in words.</summary>
    public const string Description = "one embedded PostgreSQL with fsync, synchronous_commit and full_page_writes on, over its unix socket";

    /// <summary>Connects as the owner of everything.</summary>
    public string ConnectionString => postgres.ConnectionString;

    /// <summary>Connections as an installation's hosts open them.</summary>
    public NpgsqlDataSource Source { get; private set; }

    /// <summary>Where it listens and as whom to come, for programs that are not ours.</summary>
    public (string Host, string User, string Database) Address
    {
        get
        {
            var where = new NpgsqlConnectionStringBuilder(ConnectionString);
            return (where.Host!, where.Username!, where.Database!);
        }
    }

    /// <summary>Starts it and makes our tables.</summary>
    /// <param name="name">Part of its folder's name under the temporary folder.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<DurableServer> StartAsync(string name, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"agentsystem-{name}-{Environment.ProcessId}-{Path.GetRandomFileName()}");
        DurableServer? server = null;
        try
        {
            var postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder }, NullLogger.Instance, cancellation);
            server = new DurableServer(folder, postgres, await PostgresBinaries.FindAsync(null, null, cancellation));
            await RuntimeSchema.MigrateRuntimeAsync(server.Source, cancellation);
            return server;
        }
        catch
        {
            await (server?.DisposeAsync() ?? RemoveAsync(folder));
            throw;
        }
    }

    /// <summary>Runs one of the installation's programs against the database.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public async Task<string> RunProgramAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var (host, user, database) = Address;
        var result = await new Command(null).RunAsync(binaries.Beside(program), ["-h", host, "-U", user, .. arguments, database], cancellation);
        return result.Succeeded ? result.Said : throw new InvalidOperationException($"{program}: {result.Said}");
    }

    /// <summary>Runs statements that give nothing.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A query's one number.</summary>
    public async Task<long> NumberAsync(string sql, CancellationToken cancellation)
    {
        await using var command = Source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Holds a transaction open that has looked at the database once: from then on nothing that was deleted or replaced can be cleaned up, as with a long report or a
    /// replica that lags. Ends when disposed.
    /// </summary>
    public async Task<IAsyncDisposable> HoldAsync(CancellationToken cancellation)
    {
        var connection = await Source.OpenConnectionAsync(cancellation);
        await using var look = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class", connection);
        await look.ExecuteNonQueryAsync(cancellation);
        return new Held(connection);
    }

    /// <summary>Kills the server with -9 and starts it again on the same files; where it listens and the connections are new.</summary>
    public async Task KillAndStartAsync(CancellationToken cancellation)
    {
        await Source.DisposeAsync();
        using (var postmaster = Process.GetProcessById(PostmasterFile.Read(postgres.DataFolder)!.ProcessId))
        {
            postmaster.Kill();
            await postmaster.WaitForExitAsync(cancellation);
        }

        await postgres.DisposeAsync();
        postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder }, NullLogger.Instance, cancellation);
        Source = NpgsqlDataSource.Create(postgres.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await postgres.DisposeAsync();
        await RemoveAsync(folder);
    }

    private static async ValueTask RemoveAsync(string folder)
    {
        if (Directory.Exists(folder))
        {
            await EmbeddedPostgres.RemoveAsync(folder, NullLogger.Instance, CancellationToken.None);
        }
    }

    private sealed class Held(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (var end = new NpgsqlCommand("ROLLBACK", connection))
            {
                await end.ExecuteNonQueryAsync();
            }

            await connection.DisposeAsync();
        }
    }
}
