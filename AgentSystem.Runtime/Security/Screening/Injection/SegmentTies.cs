namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>What a sentence has to do with the rest of its document.</summary>
/// <param name="Tie">Share of its longer words that stand in another sentence, too, 0 to 3 in steps; 4: it stands alone or has no longer words.</param>
/// <param name="You">True when it addresses somebody.</param>
/// <param name="OthersYou">True when another sentence does.</param>
/// <param name="Ai">True when it names a machine that reads.</param>
/// <param name="OthersAi">True when another sentence does.</param>
/// <param name="AiBefore">True when the sentence before it does.</param>
internal readonly record struct SegmentTie(int Tie, bool You, bool OthersYou, bool Ai, bool OthersAi, bool AiBefore);

/// <summary>
/// How much each sentence has to do with the rest of its document. What somebody smuggled in speaks of other things, and to somebody else, as a rule. Linear.
/// Not for several threads at once: it keeps its tables between texts.
/// </summary>
internal sealed class SegmentTies
{
    /// <summary>The tie of a sentence that stands alone or has no longer words.</summary>
    public const int Alone = 4;

    private const int ShortestWord = 4, Stem = 6;

    private static readonly byte You = WordClasses.Of("you"), Ai = WordClasses.Of("ai");

    private readonly Dictionary<int, (int Last, int Segments)> words = [];
    private readonly List<int> found = [];

    /// <summary>The tie of each segment.</summary>
    public SegmentTie[] Of(string text, IReadOnlyList<TextSegment> segments)
    {
        words.Clear();
        found.Clear();
        var ends = new int[segments.Count];
        var (you, ai) = (new bool[segments.Count], new bool[segments.Count]);
        var (yous, ais) = (0, 0);
        for (var i = 0; i < segments.Count; i++)
        {
            Read(text, segments[i], i, ref you[i], ref ai[i]);
            ends[i] = found.Count;
            yous += you[i] ? 1 : 0;
            ais += ai[i] ? 1 : 0;
        }

        var ties = new SegmentTie[segments.Count];
        for (var i = 0; i < segments.Count; i++)
        {
            var (start, all) = (i == 0 ? 0 : ends[i - 1], ends[i] - (i == 0 ? 0 : ends[i - 1]));
            var shared = 0;
            for (var j = start; j < ends[i]; j++)
            {
                shared += words[found[j]].Segments > 1 ? 1 : 0;
            }

            ties[i] = new SegmentTie(
                segments.Count < 2 || all == 0 ? Alone : shared == 0 ? 0 : shared * 3 <= all ? 1 : shared * 3 <= 2 * all ? 2 : 3,
                you[i], yous > (you[i] ? 1 : 0), ai[i], ais > (ai[i] ? 1 : 0), i > 0 && ai[i - 1]);
        }

        return ties;
    }

    private void Read(string text, TextSegment segment, int index, ref bool you, ref bool ai)
    {
        var end = segment.Start + segment.Length;
        for (var i = segment.Start; i < end;)
        {
            var (start, hash) = (i, 17);
            while (i < end && char.IsLetterOrDigit(text[i]))
            {
                // Endings are left aside: "tickets" ties to "ticket".
                hash = i - start < Stem ? (hash * 31) + text[i] : hash;
                i++;
            }

            if (i - start >= ShortestWord)
            {
                var (last, count) = words.GetValueOrDefault(hash, (-1, 0));
                words[hash] = (index, last == index ? count : count + 1);
                found.Add(hash);
            }

            if (i - start is > 1 and <= 10)
            {
                var kind = WordClasses.Of(text.AsSpan(start, i - start));
                you |= kind == You;
                ai |= kind == Ai;
            }

            i++;
        }
    }
}
