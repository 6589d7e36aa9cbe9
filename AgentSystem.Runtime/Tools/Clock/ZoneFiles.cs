namespace AgentSystem.Runtime.Tools.Clock;

/// <summary>The system's time zone names: ids, which of them are the current ones, and which country has which.</summary>
/// <param name="Ids">Every zone id, old names and links too.</param>
/// <param name="Current">The ids a place should be shown under; empty when the system has no zone table.</param>
/// <param name="Countries">A country's code, names and zones; empty when the system has no country table.</param>
internal sealed record ZoneFiles(IReadOnlyList<string> Ids, IReadOnlySet<string> Current, IReadOnlyList<(string Code, IReadOnlyList<string> Names, IReadOnlyList<string> Zones)> Countries)
{
    private const string UsualFolder = "/usr/share/zoneinfo";

    /// <summary>Reads the zone database the runtime uses (<c>TZDIR</c>, or the usual folder); without one, asks the runtime for its ids.</summary>
    public static ZoneFiles Read()
    {
        var folder = Environment.GetEnvironmentVariable("TZDIR") is { Length: > 0 } configured ? configured : UsualFolder;
        if (!Directory.Exists(folder))
        {
            return new ZoneFiles([.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)], new HashSet<string>(), []);
        }

        var zonesByCountry = Rows(Path.Combine(folder, "zone.tab"))
            .Where(columns => columns.Length > 2)
            .ToLookup(columns => columns[0], columns => columns[2]);
        var countries = Rows(Path.Combine(folder, "iso3166.tab"))
            .Where(columns => columns.Length > 1)
            .Select(columns => (columns[0], Names(columns[1]), (IReadOnlyList<string>)[.. zonesByCountry[columns[0]]]))
            .Where(country => country.Item3.Count > 0)
            .ToList();
        return new ZoneFiles(IdsIn(folder), zonesByCountry.SelectMany(zones => zones).ToHashSet(StringComparer.Ordinal), countries);
    }

    private static List<string> IdsIn(string folder) =>
        [.. from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            let id = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')
            // posix/ and right/ repeat the whole tree; tables and notes begin with a small letter or have an extension.
            where char.IsAsciiLetterUpper(id[0]) && !id.Contains('.', StringComparison.Ordinal)
            select id];

    private static IEnumerable<string[]> Rows(string file) => File.Exists(file)
        ? File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'))
        : [];

    /// <summary>"Korea (South)" is also looked up as Korea, which then means two zones.</summary>
    private static IReadOnlyList<string> Names(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? [name] : [name, name[..open].Trim()];
    }
}
