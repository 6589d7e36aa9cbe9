using System.Text;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>Which phrases a text holds: its words are slid over, a window for each number of words there is, and only where the first word begins a phrase. Linear in the text, whatever the number of phrases.</summary>
internal sealed class PhraseIndex
{
    /// <summary>Most words of a phrase.</summary>
    public const int MaxWords = 16;

    private readonly Dictionary<string, Indicator> phrases = new(StringComparer.Ordinal);
    private readonly HashSet<string> first = new(StringComparer.Ordinal);
    private readonly int[] lengths;

    public PhraseIndex(IEnumerable<Indicator> indicators)
    {
        var counts = new SortedSet<int>();
        foreach (var indicator in indicators)
        {
            var words = indicator.Value.Split(' ');
            counts.Add(words.Length);
            first.Add(words[0]);
            if (!phrases.TryGetValue(indicator.Value, out var other) || other.Confidence < indicator.Confidence)
            {
                phrases[indicator.Value] = indicator;
            }
        }

        lengths = [.. counts];
    }

    /// <summary>Lower case, with one space for everything between two words: how phrases and texts are compared.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(Math.Min(text.Length, 1 << 16));
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (folded.Length > 0 && folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }

        return folded.ToString().TrimEnd();
    }

    /// <summary>The surest phrase in the text that counts; null: none.</summary>
    public Indicator? Find(string text, DateTimeOffset now)
    {
        if (lengths.Length == 0)
        {
            return null;
        }

        var folded = Fold(text);
        var starts = Starts(folded);
        var (known, begins) = (phrases.GetAlternateLookup<ReadOnlySpan<char>>(), first.GetAlternateLookup<ReadOnlySpan<char>>());
        Indicator? best = null;
        for (var i = 0; i < starts.Count - 1; i++)
        {
            if (!begins.Contains(Words(i, 1)))
            {
                continue;
            }

            foreach (var length in lengths)
            {
                if (i + length >= starts.Count)
                {
                    break;
                }

                if (known.TryGetValue(Words(i, length), out var found) && found.CountsAt(now) && (best is null || found.Confidence > best.Confidence))
                {
                    best = found;
                }
            }
        }

        return best;

        ReadOnlySpan<char> Words(int from, int count) => folded.AsSpan(starts[from], starts[from + count] - starts[from] - 1);
    }

    /// <summary>Where words begin, and one place more: where the next one would.</summary>
    private static List<int> Starts(string folded)
    {
        var starts = new List<int>(folded.Length / 4) { 0 };
        for (var i = 0; i < folded.Length; i++)
        {
            if (folded[i] == ' ')
            {
                starts.Add(i + 1);
            }
        }

        starts.Add(folded.Length + 1);
        return starts;
    }
}
