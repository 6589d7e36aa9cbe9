using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentSystem.AppHost.Embedded.Postgres;

/// <summary>One installation of PostgreSQL's server programs.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    public string InitDb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>Another program of the installation. A folder on the PATH may hold links to some of its programs only; the others lie where those lead.</summary>
    public string Beside(string program)
    {
        var here = Path.Combine(Folder, program);
        return !File.Exists(here) && File.ResolveLinkTarget(PgCtl, returnFinalTarget: true) is { } real ? Path.Combine(Path.GetDirectoryName(real.FullName)!, program) : here;
    }

    /// <summary>
    /// The newest installation, or the one of major version <paramref name="major"/> when the data was made by it.
    /// </summary>
    /// <exception cref="CannotStartException">Nothing fits.</exception>
    public static async Task<PostgresBinaries> FindAsync(string? onlyFolder, int? major, CancellationToken cancellation)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in string.IsNullOrEmpty(onlyFolder) ? KnownFolders() : [onlyFolder])
        {
            if (Programs.All(program => File.Exists(Path.Combine(folder, program)))
                && await MajorOfAsync(folder, cancellation) is { } version)
            {
                found.Add(new PostgresBinaries(folder, version));
            }
        }

        if (found.Count == 0)
        {
            var where = string.IsNullOrEmpty(onlyFolder) ? "on this machine" : $"in {onlyFolder}";
            throw new CannotStartException(
                $"PostgreSQL's server programs were not found {where}: install them (apt-get install postgresql; brew install postgresql), "
                + "start a container engine, or set ConnectionStrings__postgres to a server that already runs.");
        }

        return found.Where(one => major is null || one.Major == major).MaxBy(one => one.Major)
            ?? throw new CannotStartException(
                $"The data folder was made by PostgreSQL {major}, and this machine has {string.Join(", ", found.Select(one => one.Major).Distinct())}: "
                + $"install PostgreSQL {major}, or move the old folder away to begin anew.");
    }

    private static IEnumerable<string> KnownFolders()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(Versions("/usr/lib/postgresql", "*", "bin"))
            .Concat(Versions("/usr", "pgsql-*", "bin"))
            .Concat(Versions("/opt/homebrew/opt", "postgresql*", "bin"))
            .Concat(Versions("/usr/local/opt", "postgresql*", "bin"))
            .Concat(Versions("/Applications/Postgres.app/Contents/Versions", "*", "bin"))
            .Append("/usr/local/pgsql/bin");
    }

    private static IEnumerable<string> Versions(string parent, string pattern, string below) =>
        Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, pattern).Select(folder => Path.Combine(folder, below)) : [];

    private static async Task<int?> MajorOfAsync(string folder, CancellationToken cancellation)
    {
        var result = await new Command(null).RunAsync(Path.Combine(folder, "postgres"), ["--version"], cancellation);
        var match = VersionPattern().Match(result.Said);
        return result.Succeeded && match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionPattern();
}
