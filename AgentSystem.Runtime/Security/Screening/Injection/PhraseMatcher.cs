namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>A phrase that was found.</summary>
/// <param name="Concept">The number of its concept.</param>
/// <param name="Start">Where it begins in the folded text.</param>
/// <param name="End">The place after its last character.</param>
internal readonly record struct PhraseHit(int Concept, int Start, int End);

/// <summary>Finds thousands of phrases in one pass (Aho and Corasick, 1975): time linear in the text and the number of hits, whatever the text is.</summary>
internal sealed class PhraseMatcher
{
    private const int Root = 0;

    private readonly Dictionary<long, int> edges = [];
    private readonly List<int> fail = [Root];
    private readonly List<List<(int Concept, int Length, bool Open)>?> ends = [null];
    private readonly int[] first = new int[128];

    /// <summary>Builds the automaton.</summary>
    /// <param name="phrases">Folded phrases with the numbers of their concepts; a star at the end lets the last word go on ("instruk*").</param>
    public PhraseMatcher(IEnumerable<(string Phrase, int Concept)> phrases)
    {
        foreach (var (phrase, concept) in phrases)
        {
            var state = Root;
            var open = phrase.EndsWith('*');
            var letters = open ? phrase[..^1] : phrase;
            foreach (var c in letters)
            {
                if (!edges.TryGetValue(Edge(state, c), out var next))
                {
                    next = fail.Count;
                    edges.Add(Edge(state, c), next);
                    fail.Add(Root);
                    ends.Add(null);
                }

                state = next;
            }

            (ends[state] ??= []).Add((concept, letters.Length, open));
        }

        Link();
        for (var c = 0; c < first.Length; c++)
        {
            first[c] = edges.GetValueOrDefault(Edge(Root, (char)c), Root);
        }
    }

    /// <summary>The hits in the order of their ends. A phrase that begins or ends with an ASCII letter counts only as a whole word there.</summary>
    public List<PhraseHit> Find(ReadOnlySpan<char> text)
    {
        var hits = new List<PhraseHit>();
        var state = Root;
        for (var i = 0; i < text.Length; i++)
        {
            state = Next(state, text[i] is '\n' ? ' ' : text[i]);
            if (ends[state] is not { } found)
            {
                continue;
            }

            foreach (var (concept, length, open) in found)
            {
                var start = i + 1 - length;
                if (IsWhole(text, start, i + 1, open))
                {
                    hits.Add(new PhraseHit(concept, start, i + 1));
                }
            }
        }

        return hits;
    }

    private static bool IsWhole(ReadOnlySpan<char> text, int start, int end, bool open) =>
        !(start > 0 && IsWord(text[start]) && IsWord(text[start - 1])) && !(!open && end < text.Length && IsWord(text[end - 1]) && IsWord(text[end]));

    // Letters of scripts with spaces; Chinese, Japanese and Thai words have no such edges.
    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is (>= '\u00C0' and < '\u0E00');

    private static long Edge(int state, char c) => ((long)state << 16) | c;

    private int Next(int state, char c)
    {
        while (true)
        {
            if (state == Root && c < first.Length)
            {
                return first[c];
            }

            if (edges.TryGetValue(Edge(state, c), out var next))
            {
                return next;
            }

            if (state == Root)
            {
                return Root;
            }

            state = fail[state];
        }
    }

    private void Link()
    {
        // Edges by their source, so that the breadth-first walk does not look for what is not there.
        var children = edges.GroupBy(static edge => (int)(edge.Key >> 16)).ToDictionary(static group => group.Key, static group => group.Select(static edge => ((char)(edge.Key & 0xFFFF), edge.Value)).ToArray());
        var queue = new Queue<int>();
        foreach (var (_, child) in children.GetValueOrDefault(Root, []))
        {
            queue.Enqueue(child);
        }

        while (queue.TryDequeue(out var state))
        {
            foreach (var (c, child) in children.GetValueOrDefault(state, []))
            {
                var back = fail[state];
                int target;
                while (!edges.TryGetValue(Edge(back, c), out target) && back != Root)
                {
                    back = fail[back];
                }

                fail[child] = target == child ? Root : target;
                if (ends[fail[child]] is { } inherited)
                {
                    (ends[child] ??= []).AddRange(inherited);
                }

                queue.Enqueue(child);
            }
        }
    }
}
