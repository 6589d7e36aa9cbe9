using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AgentSystem.AppHost.Embedded.Postgres;

/// <summary>
/// Where the server's files lie and which user may touch them. PostgreSQL refuses to run as root, so root hands the folder
/// to another user, and takes a folder below /var/lib where that user cannot reach the one that was asked for.
/// </summary>
internal sealed partial class PostgresFolder
{
    private static readonly string[] ServiceUsers = ["postgres", "nobody"];

    private PostgresFolder(string path, string? owner) => (Path, As) = (path, new Command(owner));

    public string Path { get; }

    /// <summary>Runs commands as the user who owns the folder.</summary>
    public Command As { get; }

    public bool IsInitialized => File.Exists(System.IO.Path.Combine(Path, "PG_VERSION"));

    /// <summary>The major version that made the folder; null while it is empty.</summary>
    public int? Major =>
        IsInitialized && int.TryParse(File.ReadAllText(System.IO.Path.Combine(Path, "PG_VERSION")).Trim(), out var major) ? major : null;

    public static async Task<PostgresFolder> OpenAsync(string dataFolder, ILogger logger, CancellationToken cancellation)
    {
        var asked = System.IO.Path.GetFullPath(System.IO.Path.Combine(dataFolder, "postgres"));
        Directory.CreateDirectory(dataFolder);
        if (!Environment.IsPrivilegedProcess)
        {
            return new PostgresFolder(asked, null);
        }

        foreach (var candidate in new[] { asked, Fallback(asked) })
        {
            if (Directory.Exists(candidate) && await OwnerAsync(candidate, cancellation) is { } owner and not "root")
            {
                return new PostgresFolder(candidate, owner);
            }
        }

        var user = ServiceUser();
        LetPass(dataFolder);
        if (await ReachesAsync(user, dataFolder, cancellation))
        {
            return new PostgresFolder(asked, user);
        }

        var fallback = Fallback(asked);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(fallback)!);
        LogElsewhere(logger, user, asked, fallback);
        return new PostgresFolder(fallback, user);
    }

    /// <summary>Makes an empty folder of mode 0700 that belongs to the server's user.</summary>
    public async Task MakePrivateAsync(string folder, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (As.RunAs is { } owner)
        {
            var result = await new Command(null).RunAsync("chown", [owner, folder], cancellation);
            if (!result.Succeeded)
            {
                throw new CannotStartException($"{folder} cannot be given to the user {owner} ({result.LastLine}): set AGENTSYSTEM_DATA to a folder on a local disk.");
            }
        }
    }

    private static string ServiceUser()
    {
        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return ServiceUsers.FirstOrDefault(known.Contains)
            ?? throw new CannotStartException("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: start as an ordinary user.");
    }

    private static string Fallback(string asked)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)))[..12];
        return System.IO.Path.Combine("/var/lib/agentsystem", hash);
    }

    private static void LetPass(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    private static async Task<bool> ReachesAsync(string user, string folder, CancellationToken cancellation) =>
        (await new Command(user).RunAsync("test", ["-x", System.IO.Path.GetFullPath(folder)], cancellation)).Succeeded;

    private static async Task<string?> OwnerAsync(string folder, CancellationToken cancellation)
    {
        var result = await new Command(null).RunAsync("stat", OperatingSystem.IsMacOS() ? ["-f", "%Su", folder] : ["-c", "%U", folder], cancellation);
        return result.Succeeded ? result.Said : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The user {User} cannot reach {Asked}; PostgreSQL's files are in {Taken} instead.")]
    private static partial void LogElsewhere(ILogger logger, string user, string asked, string taken);
}
