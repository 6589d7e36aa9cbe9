using System.Text;

namespace AgentSystem.Runtime.Documents;

/// <summary>A query, taken apart: words, <c>"phrases"</c>, <c>-excluded</c>, <c>or</c>. Whatever else stands in it separates words; no query is malformed.</summary>
/// <param name="All">For <c>websearch_to_tsquery</c>: what must be there. It consists of folded words, quotes and <c>or</c>.</param>
/// <param name="Any">The same, but any word or phrase is enough.</param>
/// <param name="Words">All words asked for, those of phrases too.</param>
/// <param name="Excluded">What must not be there, any of it; empty when nothing is excluded.</param>
internal sealed record SearchQuery(string All, string Any, string Words, string Excluded)
{
    /// <summary>Longest query, in characters.</summary>
    public const int MaxLength = 1_000;

    private const string Or = "or";

    /// <summary>True when it asks for nothing that could be found.</summary>
    public bool IsEmpty => Words.Length == 0;

    public static SearchQuery Parse(string text)
    {
        var (all, any, wanted, excluded) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        foreach (var (term, quoted, minus) in Terms(text))
        {
            if (!quoted && !minus && term.Equals(Or, StringComparison.OrdinalIgnoreCase))
            {
                all.Add(Or);
                continue;
            }

            // A word of the query that reads "or" without being the operator is a phrase of one word.
            var words = DocumentWords.Of(term).Select(word => word.Folded).ToArray();
            if (words.Length == 0)
            {
                continue;
            }

            var phrase = $"\"{string.Join(' ', words)}\"";
            if (minus)
            {
                excluded.Add(phrase);
                continue;
            }

            all.Add(phrase);
            wanted.AddRange(words);
            any.AddRange(quoted ? [phrase] : words.Select(word => $"\"{word}\""));
        }

        return new SearchQuery(string.Join(' ', all), string.Join(" or ", any.Distinct(StringComparer.Ordinal)), string.Join(' ', wanted), string.Join(" or ", excluded));
    }

    private static IEnumerable<(string Term, bool Quoted, bool Minus)> Terms(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                continue;
            }

            var minus = text[i] == '-' && i + 1 < text.Length && !char.IsWhiteSpace(text[i + 1]);
            i += minus ? 1 : 0;
            var quoted = text[i] == '"';
            var start = quoted ? i + 1 : i;
            var end = start;
            while (end < text.Length && (quoted ? text[end] != '"' : text[end] != '"' && !char.IsWhiteSpace(text[end])))
            {
                end++;
            }

            yield return (text[start..end], quoted, minus);
            // A quote that ends a bare word begins the next phrase.
            i = quoted ? end : end - 1;
        }
    }
}
