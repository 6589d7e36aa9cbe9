using System.Globalization;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>
/// What each language looks like: how often pieces of words (two to four letters, the blanks around a word included) occur in <c>languages.txt</c>, a text of a few hundred words for each
/// language that shares its writing with others. A piece never seen counts as a twentieth of an occurrence (additive smoothing).
/// </summary>
internal sealed class LanguageProfiles
{
    private const string Resource = "perception/languages.txt";
    private const int Shortest = 2;
    private const int Longest = 4;
    private const double Unseen = 0.05;

    private static readonly Lazy<LanguageProfiles> Shipped = new(static () => new LanguageProfiles(ReadResource()));

    private readonly Dictionary<string, Group> groups = new(StringComparer.Ordinal);

    private LanguageProfiles(IEnumerable<string> lines)
    {
        foreach (var script in lines.Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('|', 3)).GroupBy(static fields => fields[1], StringComparer.Ordinal))
        {
            groups.Add(script.Key, new Group([.. script.Select(static fields => (fields[0], fields.Length > 2 ? fields[2] : ""))]));
        }
    }

    public static LanguageProfiles Instance => Shipped.Value;

    /// <summary>Every language that can be told, by its code (ISO 639-1).</summary>
    public IReadOnlyList<string> Languages => [.. groups.Values.SelectMany(static group => group.Codes).Order(StringComparer.Ordinal)];

    /// <summary>The languages of a writing with the logarithm of how likely the text is in each, and how many pieces were counted. Empty for a writing without languages.</summary>
    public (IReadOnlyList<(string Code, double Likelihood)> Scores, int Pieces) Score(string script, ReadOnlySpan<char> text) =>
        groups.TryGetValue(script, out var group) ? group.Score(text) : ([], 0);

    /// <summary>Hands out the pieces of a text's words, each word in lower case with a blank on either side.</summary>
    private static void EachPiece(ReadOnlySpan<char> text, Action<ReadOnlySpan<char>> take)
    {
        Span<char> word = stackalloc char[42];
        for (var i = 0; i < text.Length;)
        {
            if (!Scripts.IsOfWord(text[i]))
            {
                i++;
                continue;
            }

            var length = 1;
            word[0] = ' ';
            for (; i < text.Length && Scripts.IsOfWord(text[i]); i++)
            {
                if (length < word.Length - 1)
                {
                    word[length++] = char.ToLower(text[i], CultureInfo.InvariantCulture);
                }
            }

            word[length++] = ' ';
            for (var n = Shortest; n <= Longest; n++)
            {
                for (var at = 0; at + n <= length; at++)
                {
                    take(word.Slice(at, n));
                }
            }
        }
    }

    private static List<string> ReadResource()
    {
        using var stream = typeof(LanguageProfiles).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly was built without its resource {Resource}.");
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>The languages of one writing.</summary>
    private sealed class Group
    {
        private readonly Dictionary<string, double[]> pieces = new(StringComparer.Ordinal);
        private readonly double[] unseen;

        public Group(IReadOnlyList<(string Code, string Text)> languages)
        {
            Codes = [.. languages.Select(static language => language.Code)];
            var totals = new double[Codes.Count];
            for (var i = 0; i < languages.Count; i++)
            {
                var at = i;
                EachPiece(languages[i].Text, piece =>
                {
                    var counts = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
                    if (!counts.TryGetValue(piece, out var each))
                    {
                        counts[piece] = each = new double[Codes.Count];
                    }

                    each[at]++;
                    totals[at]++;
                });
            }

            unseen = [.. totals.Select(total => Math.Log(Unseen / (total + (Unseen * (pieces.Count + 1)))))];
            foreach (var counts in pieces.Values)
            {
                for (var i = 0; i < counts.Length; i++)
                {
                    counts[i] = Math.Log((counts[i] + Unseen) / (totals[i] + (Unseen * (pieces.Count + 1))));
                }
            }
        }

        public IReadOnlyList<string> Codes { get; }

        public (IReadOnlyList<(string, double)> Scores, int Pieces) Score(ReadOnlySpan<char> text)
        {
            var sums = new double[Codes.Count];
            var count = 0;
            if (sums.Length > 1)
            {
                EachPiece(text, piece =>
                {
                    count++;
                    var each = pieces.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out var known) ? known : unseen;
                    for (var i = 0; i < sums.Length; i++)
                    {
                        sums[i] += each[i];
                    }
                });
            }

            return ([.. Codes.Select((code, i) => (code, sums[i]))], count);
        }
    }
}
