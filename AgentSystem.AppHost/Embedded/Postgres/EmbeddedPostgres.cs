using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentSystem.AppHost.Embedded.Postgres;

/// <summary>
/// A real PostgreSQL server, started from the machine's own programs on a private folder and a private unix socket.
/// It runs in its own session, so a terminal's Ctrl+C reaches the hosts first. When its starter is killed it lives on,
/// and the next start on the same folder stops it in good order before starting its own.
/// </summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private const string Superuser = "postgres";

    /// <summary>PostgreSQL's own wait; recovery after a power cut takes a part of it.</summary>
    private const string StartSeconds = "60";

    /// <summary>How often a start is tried again while the processes of a killed server still leave.</summary>
    private const int StartAttempts = 20;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);

    private readonly PostgresFolder folder;
    private readonly PostgresBinaries binaries;
    private readonly string socketFolder;
    private readonly ILogger logger;
    private bool stopped;

    private EmbeddedPostgres(PostgresFolder folder, PostgresBinaries binaries, string socketFolder, string database, ILogger logger)
    {
        (this.folder, this.binaries, this.socketFolder, this.logger) = (folder, binaries, socketFolder, logger);
        ConnectionString = new NpgsqlConnectionStringBuilder { Host = socketFolder, Username = Superuser, Database = database }.ConnectionString;
    }

    /// <summary>Connects as the owner of everything, over the unix socket.</summary>
    public string ConnectionString { get; }

    /// <summary>Where the server's files lie; another folder than the one asked for when root's choice could not be reached.</summary>
    public string DataFolder => folder.Path;

    /// <summary>Starts the server and gives it back when it answers.</summary>
    /// <exception cref="CannotStartException">No programs, no folder, or PostgreSQL refused; one line with the cure.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (OperatingSystem.IsWindows())
        {
            throw new CannotStartException("An embedded PostgreSQL is not supported on Windows: set ConnectionStrings__postgres, or start inside WSL.");
        }

        try
        {
            var folder = await PostgresFolder.OpenAsync(options.DataFolder, logger, cancellation);
            var binaries = await PostgresBinaries.FindAsync(options.BinariesFolder, folder.Major, cancellation);
            await StopOrphanAsync(folder, binaries, logger, cancellation);
            if (!folder.IsInitialized)
            {
                await InitializeAsync(folder, binaries, options.Durable, cancellation);
            }

            var server = new EmbeddedPostgres(folder, binaries, NameSocketFolder(), options.Database, logger);
            await server.RunAsync(options, cancellation);
            return server;
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            throw new CannotStartException($"PostgreSQL's files cannot be written ({refusal.Message}): set AGENTSYSTEM_DATA to a folder this user may write.", refusal);
        }
    }

    /// <summary>Stops the server that runs on a folder, whoever started it, and deletes the folder with everything in it.</summary>
    public static async Task RemoveAsync(string dataFolder, ILogger logger, CancellationToken cancellation)
    {
        var folder = await PostgresFolder.OpenAsync(dataFolder, logger, cancellation);
        if (folder.IsInitialized)
        {
            await StopOrphanAsync(folder, await PostgresBinaries.FindAsync(null, folder.Major, cancellation), logger, cancellation);
            Directory.Delete(folder.Path, recursive: true);
        }

        Directory.Delete(dataFolder, recursive: true);
    }

    /// <summary>Ends every session, waits up to 5 s for the server to leave, and cuts it short after that. Nothing committed is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopped)
        {
            return;
        }

        stopped = true;
        NpgsqlConnection.ClearAllPools();
        await StopAsync(folder, binaries, CancellationToken.None);
        Directory.Delete(socketFolder, recursive: true);
    }

    private static async Task StopOrphanAsync(PostgresFolder folder, PostgresBinaries binaries, ILogger logger, CancellationToken cancellation)
    {
        if (PostmasterFile.Read(folder.Path) is not { } postmaster)
        {
            return;
        }

        switch (postmaster.State())
        {
            case PostmasterState.Running:
                LogOrphan(logger, postmaster.ProcessId);
                await StopAsync(folder, binaries, cancellation);
                break;
            case PostmasterState.SomebodyElse:
                // PostgreSQL would take the unrelated process for a server and refuse to start.
                File.Delete(postmaster.Path);
                break;
            case PostmasterState.Gone:
                // Left for PostgreSQL, which also checks that no backend of the dead server still holds its memory.
                break;
        }

        if (postmaster.SocketFolder.StartsWith(SocketPrefix(), StringComparison.Ordinal) && Directory.Exists(postmaster.SocketFolder))
        {
            Directory.Delete(postmaster.SocketFolder, recursive: true);
        }
    }

    /// <summary>The files are made beside their place and moved in whole: an interrupted first start leaves nothing half made.</summary>
    private static async Task InitializeAsync(PostgresFolder folder, PostgresBinaries binaries, bool durable, CancellationToken cancellation)
    {
        var making = folder.Path + ".new";
        if (Directory.Exists(making))
        {
            Directory.Delete(making, recursive: true);
        }

        await folder.MakePrivateAsync(making, cancellation);
        List<string> arguments = ["-D", making, "-U", Superuser, "--auth=trust", "--encoding=UTF8", "--no-instructions", .. PostgresSettings.Locale(binaries.Major)];
        if (!durable)
        {
            arguments.Add("--no-sync");
        }

        var result = await folder.As.RunAsync(binaries.InitDb, arguments, cancellation);
        if (!result.Succeeded)
        {
            throw new CannotStartException($"PostgreSQL could not make its files in {making}: {result.LastLine} Set AGENTSYSTEM_DATA to a folder on a local disk with free space.");
        }

        if (Directory.Exists(folder.Path))
        {
            Directory.Delete(folder.Path);
        }

        Directory.Move(making, folder.Path);
    }

    private async Task RunAsync(EmbeddedPostgresOptions options, CancellationToken cancellation)
    {
        await folder.MakePrivateAsync(socketFolder, cancellation);
        PostgresSettings.Write(folder.Path, socketFolder, options.Durable);
        var log = Path.Combine(folder.Path, "server.log");
        File.Delete(log);
        for (var attempt = 1; ; attempt++)
        {
            // pg_ctl puts the server in a session of its own and waits until it answers.
            var result = await folder.As.RunAsync(binaries.PgCtl, ["start", "-w", "-t", StartSeconds, "-s", "-D", folder.Path, "-l", log], cancellation);
            if (result.Succeeded)
            {
                break;
            }

            var reason = Reason(log) ?? result.LastLine;
            if (attempt == StartAttempts || !reason.Contains("shared memory block", StringComparison.Ordinal))
            {
                Directory.Delete(socketFolder, recursive: true);
                throw new CannotStartException($"PostgreSQL refused to start: {reason} (the whole story: {log}; move {folder.Path} away to begin anew, or set ConnectionStrings__postgres).");
            }

            await Task.Delay(BetweenAttempts, cancellation);
        }

        await MakeDatabaseAsync(options.Database, cancellation);
        LogReady(logger, binaries.Major, folder.Path);
    }

    private async Task MakeDatabaseAsync(string database, CancellationToken cancellation)
    {
        var asOwner = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(asOwner.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var ask = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection) { Parameters = { new() { Value = database } } };
        if (await ask.ExecuteScalarAsync(cancellation) is false)
        {
            await using var make = new NpgsqlCommand($"create database \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await make.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static async Task StopAsync(PostgresFolder folder, PostgresBinaries binaries, CancellationToken cancellation)
    {
        var gently = await folder.As.RunAsync(binaries.PgCtl, ["stop", "-s", "-w", "-m", "fast", "-t", "5", "-D", folder.Path], cancellation);
        if (!gently.Succeeded && PostmasterFile.Read(folder.Path)?.State() == PostmasterState.Running)
        {
            await folder.As.RunAsync(binaries.PgCtl, ["stop", "-s", "-w", "-m", "immediate", "-t", "5", "-D", folder.Path], cancellation);
        }
    }

    private static string? Reason(string log) =>
        File.Exists(log)
            ? File.ReadLines(log, Encoding.UTF8).LastOrDefault(line => line.Contains("FATAL:", StringComparison.Ordinal) || line.Contains("PANIC:", StringComparison.Ordinal))
            : null;

    /// <summary>Short, because a socket's path may have at most 107 bytes and temporary folders can be long.</summary>
    private static string SocketPrefix() => Path.Combine(Path.GetTempPath().Length <= 60 ? Path.GetTempPath() : "/tmp", "agentsystem-pg-");

    private static string NameSocketFolder() => SocketPrefix() + Path.GetRandomFileName()[..8];

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL {Major} answers; its files are in {Folder}.")]
    private static partial void LogReady(ILogger logger, int major, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A PostgreSQL (process {ProcessId}) of a killed start was still running on this folder; stopping it first.")]
    private static partial void LogOrphan(ILogger logger, int processId);
}
