namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>The word classes of <c>lexicon.txt</c>: words that do the same in a sentence share a number, so that a wording nobody trained on is known by its build.</summary>
internal static class WordClasses
{
    private static readonly string[] Endings = ["s", "es", "d", "ed", "ing", "ly", "r", "er"];
    private static readonly Dictionary<string, byte> Classes = Read();
    private static readonly Dictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> Lookup = Classes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The class of a folded word; 0: of none.</summary>
    public static byte Of(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var found) ? found : (byte)0;

    private static Dictionary<string, byte> Read()
    {
        var (classes, names) = (new Dictionary<string, byte>(StringComparer.Ordinal), new List<string>());
        var lines = ScreeningResources.Lines("lexicon.txt").Select(static line => line.Split(' ')).ToArray();
        foreach (var words in lines)
        {
            if (!names.Contains(words[0]))
            {
                names.Add(words[0]);
            }

            foreach (var word in words.Skip(1))
            {
                classes.TryAdd(word, (byte)(names.IndexOf(words[0]) + 1));
            }
        }

        // Written forms go before made ones.
        foreach (var words in lines)
        {
            foreach (var word in words.Skip(1).Where(static word => word.Length > 2 && char.IsAsciiLetter(word[0])))
            {
                foreach (var ending in Endings)
                {
                    classes.TryAdd(word + ending, classes[word]);
                    if (word[^1] == 'e')
                    {
                        classes.TryAdd(word[..^1] + ending, classes[word]);
                    }

                    if (word[^1] == 'y')
                    {
                        classes.TryAdd(word[..^1] + "i" + ending, classes[word]);
                    }

                    classes.TryAdd(word + word[^1] + ending, classes[word]);
                }
            }
        }

        return classes;
    }
}
