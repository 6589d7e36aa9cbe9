using System.Diagnostics;
using System.Globalization;
using AgentSystem.AppHost.Embedded.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentSystem.Tests.Harness;

/// <summary>One server of a <see cref="PostgresCluster"/>: real programs, a folder and a socket of its own, killed and paused as a machine would be.</summary>
internal sealed class PostgresNode
{
    private readonly PostgresFolder folder;
    private readonly PostgresBinaries binaries;
    private readonly string sockets;
    private readonly string everyone;

    private PostgresNode(string name, int port, PostgresFolder folder, PostgresBinaries binaries, string sockets, string everyone)
    {
        (Name, Port, this.folder, this.binaries, this.sockets, this.everyone) = (name, port, folder, binaries, sockets, everyone);
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = sockets,
            Port = port,
            Username = "postgres",
            Database = "postgres",
            Timeout = 5,
            // A server that is paused does not even refuse.
            CommandTimeout = 5,
            CancellationTimeout = 1000,
            MaxPoolSize = 40,
        }.ConnectionString);
    }

    public string Name { get; }

    public int Port { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>Whether its server runs; one that met an error it cannot live with has ended itself.</summary>
    public bool IsRunning => Processes().Length > 0;

    /// <param name="name">What the others know it by.</param>
    /// <param name="port">Names its socket.</param>
    /// <param name="root">A folder for everything of the cluster.</param>
    /// <param name="sockets">The folder of the sockets; made here when it is not there.</param>
    /// <param name="everyone">Names of all nodes, when a commit must be confirmed by one of the others; empty for a single server.</param>
    public static async Task<PostgresNode> MakeAsync(string name, int port, string root, string sockets, string everyone)
    {
        var folder = await PostgresFolder.OpenAsync(Path.Combine(root, name), NullLogger.Instance, default);
        var binaries = await PostgresBinaries.FindAsync(null, null, default);
        if (!Directory.Exists(sockets))
        {
            await folder.MakePrivateAsync(sockets, default);
        }

        return new PostgresNode(name, port, folder, binaries, sockets, everyone);
    }

    /// <summary>Makes it a primary with an empty database.</summary>
    public async Task InitializeAsync()
    {
        await folder.MakePrivateAsync(folder.Path, default);
        await RunAsync(binaries.InitDb, ["-D", folder.Path, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions", "--no-sync", .. PostgresSettings.Locale(binaries.Major)]);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "pg_hba.conf"), "local all all trust\nlocal replication all trust\n");
        await ConfigureAsync(null);
    }

    /// <summary>Makes it a standby of another.</summary>
    public async Task CopyAsync(PostgresNode primary)
    {
        await folder.MakePrivateAsync(folder.Path, default);
        await RunAsync(binaries.Beside("pg_basebackup"), ["-h", sockets, "-p", Text(primary.Port), "-U", "postgres", "-D", folder.Path, "-X", "stream", "-c", "fast", "--no-sync"]);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "standby.signal"), "");
        await ConfigureAsync(primary);
    }

    public Task StartAsync() => RunAsync(binaries.PgCtl, ["start", "-w", "-t", "60", "-s", "-D", folder.Path, "-l", Path.Combine(folder.Path, "server.log")]);

    /// <summary>Makes it the primary.</summary>
    public Task PromoteAsync() => RunAsync(binaries.PgCtl, ["promote", "-w", "-t", "60", "-s", "-D", folder.Path]);

    /// <summary>Lets it follow another from now on.</summary>
    public async Task FollowAsync(PostgresNode primary)
    {
        await ConfigureAsync(primary);
        await RunAsync(binaries.PgCtl, ["reload", "-s", "-D", folder.Path]);
    }

    /// <summary>Kills every process of it at once, as a power cut does.</summary>
    public Task KillAsync() => SignalAsync("KILL");

    /// <summary>Stops every process of it where it stands; <see cref="ResumeAsync"/> lets them go on as if nothing had been.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Where its copy of the log ends, in bytes.</summary>
    public async Task<long> ReceivedAsync() => (long)(await ScalarAsync("SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')::bigint"))!;

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Stops it for good and forgets its files.</summary>
    public async Task RemoveAsync()
    {
        await Source.DisposeAsync();
        if (Processes().Length > 0)
        {
            await SignalAsync("KILL");
        }

        if (Directory.Exists(folder.Path))
        {
            Directory.Delete(folder.Path, recursive: true);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task ConfigureAsync(PostgresNode? primary) => File.WriteAllTextAsync(Path.Combine(folder.Path, "postgresql.conf"), $"""
        listen_addresses = ''
        unix_socket_directories = '{sockets}'
        port = {Port}
        cluster_name = '{Name}'
        max_connections = 60
        shared_buffers = '16MB'
        wal_level = replica
        wal_keep_size = '256MB'
        max_wal_senders = 8
        synchronous_standby_names = '{(everyone.Length == 0 ? "" : $"ANY 1 ({everyone})")}'
        primary_conninfo = '{(primary is null ? "" : $"host={sockets} port={primary.Port} user=postgres application_name={Name}")}'
        wal_retrieve_retry_interval = '200ms'
        timezone = 'UTC'

        """);

    private async Task RunAsync(string program, IEnumerable<string> arguments)
    {
        var result = await folder.As.RunAsync(program, arguments, default);
        Assert.True(result.Succeeded, $"{Path.GetFileName(program)} on {Name}: {result.Said}");
    }

    private async Task SignalAsync(string name)
    {
        var processes = Processes();
        using var kill = Process.Start("kill", [$"-{name}", .. processes.Select(Text)]);
        await kill.WaitForExitAsync();
        if (name == "KILL")
        {
            foreach (var process in processes)
            {
                await TestProcess.GoneAsync(process);
            }

            File.Delete(Path.Combine(folder.Path, "postmaster.pid"));
        }
    }

    /// <summary>The server and what it started; its own children only.</summary>
    private int[] Processes()
    {
        if (!int.TryParse(FirstLine(Path.Combine(folder.Path, "postmaster.pid")), CultureInfo.InvariantCulture, out var postmaster) || !TestProcess.Lives(postmaster))
        {
            return [];
        }

        return [postmaster, .. Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(entry => int.TryParse(entry, CultureInfo.InvariantCulture, out _))
            .Select(entry => int.Parse(entry, CultureInfo.InvariantCulture)).Where(id => ParentOf(id) == postmaster)];
    }

    private static string? FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault();
        }
        catch (FileNotFoundException)
        {
            return null; // No server, or one that took the file away as it ended.
        }
    }

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{Text(process)}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It ended while the list was read.
        }
    }
}
