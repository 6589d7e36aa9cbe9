using AgentSystem.Runtime.Memory.Embedded;

namespace AgentSystem.Runtime.Tools.Clock;

/// <summary>Finds the time zone of a place: by zone id, city, or country with one zone. Case, accents and punctuation do not matter.</summary>
internal sealed class PlaceDirectory
{
    private readonly Dictionary<string, string> ids = new(StringComparer.OrdinalIgnoreCase);

    // What a name means, the strongest reading first: the zone's own city, a listed city, a country, an old zone name.
    private readonly List<Dictionary<string, HashSet<string>>> readings = [[], [], [], []];

    public PlaceDirectory(ZoneFiles files)
    {
        foreach (var id in files.Ids)
        {
            ids.TryAdd(id, id);
            var current = files.Current.Count == 0 || files.Current.Contains(id);
            Add(readings[current ? 0 : 3], id[(id.LastIndexOf('/') + 1)..], id);
        }

        foreach (var (name, zone) in Cities.All)
        {
            Add(readings[1], name, zone);
        }

        var byCode = files.Countries.ToDictionary(country => country.Code, StringComparer.Ordinal);
        foreach (var country in files.Countries)
        {
            AddCountry(country.Names, country.Zones);
        }

        foreach (var (name, code) in Cities.Countries)
        {
            if (byCode.TryGetValue(code, out var country))
            {
                AddCountry([name], country.Zones);
            }
        }
    }

    /// <summary>Zones the name can mean: none when it is unknown, one when it is clear, several when a closer name is needed.</summary>
    public IReadOnlyList<TimeZoneInfo> Find(string place)
    {
        var name = place.Trim();
        if ((name.Contains('/', StringComparison.Ordinal) || name.Equals("UTC", StringComparison.OrdinalIgnoreCase) || name.Equals("GMT", StringComparison.OrdinalIgnoreCase))
            && ids.TryGetValue(name.Replace(' ', '_'), out var id))
        {
            return Load([id]);
        }

        // "Paris, France" and "the Bahamas" are looked up whole first, then without what was added.
        foreach (var candidate in new[] { name, WithoutArticle(name), name.Split(',')[0], WithoutArticle(name.Split(',')[0]) })
        {
            foreach (var reading in readings)
            {
                if (reading.TryGetValue(Key(candidate), out var ids) || reading.TryGetValue(Key(candidate, digraphs: true), out ids))
                {
                    return Load(ids);
                }
            }
        }

        return [];
    }

    private static string WithoutArticle(string name) => name.StartsWith("the ", StringComparison.OrdinalIgnoreCase) ? name[4..] : name;

    private void AddCountry(IReadOnlyList<string> names, IReadOnlyList<string> zones)
    {
        foreach (var name in names)
        {
            foreach (var zone in zones)
            {
                Add(readings[2], name, zone);
            }
        }
    }

    private static void Add(Dictionary<string, HashSet<string>> reading, string name, string id)
    {
        var key = Key(name);
        if (!reading.TryGetValue(key, out var ids))
        {
            reading[key] = ids = new HashSet<string>(StringComparer.Ordinal);
        }

        ids.Add(id);
    }

    /// <summary>Zones that keep the same time always are one answer: the first of them.</summary>
    private static List<TimeZoneInfo> Load(IEnumerable<string> ids)
    {
        var zones = new List<TimeZoneInfo>();
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && !zones.Any(zone.HasSameRules))
            {
                zones.Add(zone);
            }
        }

        return zones;
    }

    private static string Key(string name, bool digraphs = false)
    {
        var folded = LatinLetters.Fold(name, digraphs);
        var words = folded.Split([' ', '_', '-', '.', ',', '\'', '’', '/', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words);
    }
}
