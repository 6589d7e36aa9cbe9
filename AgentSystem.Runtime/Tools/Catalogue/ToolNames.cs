using System.Globalization;
using System.Text;

namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>What tools of servers and documents are called here.</summary>
internal static class ToolNames
{
    /// <summary>A name for each, of the source's name and what it is called there; two that would be the same get a number.</summary>
    /// <param name="source">Name of the server or document.</param>
    /// <param name="remote">What they are called there, each once.</param>
    /// <param name="kept">Names given before, by what they are called there: those stay.</param>
    public static IReadOnlyDictionary<string, string> Give(string source, IEnumerable<string> remote, IReadOnlyDictionary<string, string> kept)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = kept.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var name in remote)
        {
            names[name] = kept.GetValueOrDefault(name) ?? Free($"{source}_{Slug(name)}", taken);
            taken.Add(names[name]);
        }

        return names;
    }

    /// <summary>In small letters with underscores: "getPetById" and "GET /pets/{id}" become "get_pet_by_id" and "get_pets_id".</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsAsciiLetterUpper(c) && slug.Length > 0 && slug[^1] != '_' && (char.IsAsciiLetterLower(name[i - 1]) || char.IsAsciiDigit(name[i - 1]) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]))))
            {
                slug.Append('_');
            }

            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '_')
            {
                slug.Append('_');
            }
        }

        var text = slug.ToString().Trim('_');
        return text.Length == 0 ? "tool" : text;
    }

    private static string Free(string name, HashSet<string> taken)
    {
        var cut = name.Length <= ToolRules.LongestName ? name : name[..ToolRules.LongestName].TrimEnd('_');
        for (var i = 2; taken.Contains(cut); i++)
        {
            var end = string.Create(CultureInfo.InvariantCulture, $"_{i}");
            cut = (name.Length + end.Length <= ToolRules.LongestName ? name : name[..(ToolRules.LongestName - end.Length)]) + end;
        }

        return cut;
    }
}
