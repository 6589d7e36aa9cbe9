using System.Text;

namespace AgentSystem.Runtime.Documents;

/// <summary>The sentences of a piece that answer a query, quoted to the letter: a snippet is always a substring of its piece.</summary>
internal static class Snippets
{
    /// <summary>Longest snippet, in characters; only a sentence that is longer itself is cut, between words.</summary>
    public const int Longest = 250;

    /// <summary>Stand before and after a wanted word.</summary>
    public const char Open = '\u0002', Close = '\u0003';

    private const string Ends = ".!?…。！？:;\"”’»)]";

    /// <summary>
    /// The sentence with the most different wanted words; the first of equals, full sentences before titles. The next sentence comes along when it adds
    /// wanted words, or when the first is a question or a title and therefore no answer yet.
    /// </summary>
    /// <param name="text">The piece.</param>
    /// <param name="words">Its words.</param>
    /// <param name="stemOf">The stem of a wanted word by its folded form; null for others.</param>
    public static Range Choose(string text, IReadOnlyList<DocumentWord> words, Func<string, string?> stemOf)
    {
        var sentences = Sentences.In(text);
        var stems = sentences.Select(sentence => StemsIn(sentence, words, stemOf)).ToArray();
        var best = 0;
        for (var i = 1; i < sentences.Count; i++)
        {
            if (stems[i].Count > stems[best].Count || (stems[i].Count == stems[best].Count && IsFull(text[sentences[i]]) && !IsFull(text[sentences[best]])))
            {
                best = i;
            }
        }

        var chosen = sentences[best];
        if (best + 1 < sentences.Count && (!IsFull(text[chosen]) || text[chosen].EndsWith('?') || !stems[best + 1].IsSubsetOf(stems[best])))
        {
            var both = chosen.Start.Value..sentences[best + 1].End.Value;
            chosen = both.End.Value - both.Start.Value <= Longest ? both : chosen;
        }

        return chosen.End.Value - chosen.Start.Value <= Longest ? chosen : Shorten(text, chosen, words, stemOf);
    }

    /// <summary>The snippet with its wanted words between <see cref="Open"/> and <see cref="Close"/>.</summary>
    public static string Mark(string text, Range snippet, IReadOnlyList<DocumentWord> words, Func<string, string?> stemOf)
    {
        var marked = new StringBuilder();
        var at = snippet.Start.Value;
        foreach (var word in Within(snippet, words).Where(word => stemOf(word.Folded) is not null))
        {
            marked.Append(text, at, word.Start - at).Append(Open).Append(text, word.Start, word.Length).Append(Close);
            at = word.Start + word.Length;
        }

        return marked.Append(text, at, snippet.End.Value - at).ToString();
    }

    private static bool IsFull(string sentence) => Ends.Contains(sentence[^1], StringComparison.Ordinal);

    private static HashSet<string> StemsIn(Range sentence, IReadOnlyList<DocumentWord> words, Func<string, string?> stemOf) =>
        Within(sentence, words).Select(word => stemOf(word.Folded)).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<DocumentWord> Within(Range range, IReadOnlyList<DocumentWord> words) =>
        words.Where(word => word.Start >= range.Start.Value && word.Start + word.Length <= range.End.Value);

    /// <summary>The stretch of whole words that begins at the wanted word after which most others follow.</summary>
    private static Range Shorten(string text, Range sentence, IReadOnlyList<DocumentWord> words, Func<string, string?> stemOf)
    {
        var inside = Within(sentence, words).ToArray();
        var starts = inside.Where(word => stemOf(word.Folded) is not null).Select(word => word.Start).Prepend(sentence.Start.Value).ToArray();
        var start = starts.MaxBy(from => StemsIn(from..Math.Min(from + Longest, sentence.End.Value), words, stemOf).Count);
        if (sentence.End.Value - start <= Longest)
        {
            // Near the end there is room before it.
            start = inside.Select(word => word.Start).Prepend(start).Where(from => from >= sentence.End.Value - Longest).Min();
            return start..sentence.End.Value;
        }

        var end = inside.Select(word => word.Start + word.Length).LastOrDefault(to => to > start && to <= start + Longest);
        // A word longer than a snippet is cut, but not through a character.
        return start..(end > start ? end : start + Longest - (char.IsLowSurrogate(text[start + Longest]) ? 1 : 0));
    }
}
