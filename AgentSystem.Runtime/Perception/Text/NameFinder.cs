using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>
/// Finds names by capitals and by lists (<c>names.txt</c>): a run of words that begin with a capital is a person when it begins with a title or a given name, a place when it is on the list, an organisation
/// when a word of it says so, and otherwise a name of unknown kind when it has two words or more. In German, where every noun has a capital, the last rule does not hold. It misses names in lower case and in writings without capitals.
/// </summary>
internal static class NameFinder
{
    private const string Resource = "perception/names.txt";
    private const int LongestRun = 6;

    private static readonly Lazy<Dictionary<string, HashSet<string>>> Lists = new(Read);

    public static IEnumerable<TextEntity> Find(string text, string language)
    {
        var run = new List<(int Start, int End)>();
        var first = true;
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetter(text[i]))
            {
                // A full stop behind a title or an initial does not end a name; a blank never does.
                var joins = text[i] == ' ' || (text[i] == '.' && run.Count > 0 && IsShort(text, run[^1]));
                if (!joins)
                {
                    foreach (var name in Close(text, run, language))
                    {
                        yield return name;
                    }

                    first |= text[i] is '.' or '!' or '?' or ':' or '\n';
                }

                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && (char.IsLetterOrDigit(text[i]) || (text[i] is '-' or '\'' or '’' && i + 1 < text.Length && char.IsLetter(text[i + 1]))))
            {
                i++;
            }

            // A word in front that is no name by itself has its capital from where it stands.
            var counts = char.IsUpper(text[start]) && (!first || IsListed(text[start..i]) || NextIsCapital(text, i));
            first = false;
            if (!counts || run.Count == LongestRun)
            {
                foreach (var name in Close(text, run, language))
                {
                    yield return name;
                }
            }

            if (counts)
            {
                run.Add((start, i));
            }
        }

        foreach (var name in Close(text, run, language))
        {
            yield return name;
        }
    }

    private static IEnumerable<TextEntity> Close(string text, List<(int Start, int End)> run, string language)
    {
        var words = run.Select(word => text[word.Start..word.End]).ToArray();
        for (var i = 0; i < words.Length;)
        {
            var (kind, count) = KindAt(words, i, language);
            if (kind is not null)
            {
                var (start, end) = (run[i].Start, run[i + count - 1].End);
                yield return new TextEntity(kind, text[start..end], start, end);
            }

            i += Math.Max(count, 1);
        }

        run.Clear();
    }

    private static (string? Kind, int Count) KindAt(string[] words, int at, string language)
    {
        var rest = words.Length - at;
        for (var count = rest; count > 0; count--)
        {
            if (Lists.Value["places"].Contains(string.Join('_', words, at, count)) && !(count == 1 && rest > 1 && Lists.Value["given"].Contains(words[at])))
            {
                return ("place", count);
            }
        }

        var organization = Array.FindIndex(words, at, word => Lists.Value["organizations"].Contains(word));
        if (rest > 1 && organization >= at)
        {
            return ("organization", rest);
        }

        var titled = Lists.Value["titles"].Contains(words[at]);
        return titled && rest > 1 ? ("person", Math.Min(rest, 4))
            : Lists.Value["given"].Contains(words[at]) ? ("person", Math.Min(rest, 3))
            : rest > 1 && language is not ("de" or LanguageDetector.Undetermined) ? ("name", rest)
            : (null, 1);
    }

    private static bool IsListed(string word) => Lists.Value.Any(list => list.Value.Contains(word)) || Lists.Value["places"].Any(place => place.StartsWith(word + "_", StringComparison.Ordinal));

    private static bool IsShort(string text, (int Start, int End) word) => word.End - word.Start == 1 || Lists.Value["titles"].Contains(text[word.Start..word.End]);

    private static bool NextIsCapital(string text, int at) => at + 1 < text.Length && text[at] == ' ' && char.IsUpper(text[at + 1]);

    private static Dictionary<string, HashSet<string>> Read()
    {
        using var stream = typeof(NameFinder).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The assembly was built without its resource {Resource}.");
        using var reader = new StreamReader(stream);
        var lists = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('|') is [var name, var words])
            {
                lists.Add(name, words.Split(' ').ToHashSet(StringComparer.Ordinal));
            }
        }

        return lists;
    }
}
