using AgentSystem.Runtime.Memory.Embedded;

namespace AgentSystem.Runtime.Memory.Retrieval;

/// <summary>Ranks statements by the query's words: each that is found counts by its rarity among the candidates, a nearly matching one <see cref="WordMatch.Near"/> of it.</summary>
internal static class WordRanking
{
    private const int MostWords = 40;

    /// <summary>The smallest share of the query's weight a statement must hold.</summary>
    public const double Least = 0.2;

    /// <summary>The words a query is searched by: those that carry meaning, else all of them.</summary>
    public static IReadOnlyList<string> Wanted(string query)
    {
        var words = Words.Of(query).Distinct(StringComparer.Ordinal).ToList();
        var content = words.Where(Words.IsContent).ToList();
        return content.Count > 0 ? content : words;
    }

    /// <summary>Those that fit, best first, with what was found of the query.</summary>
    /// <param name="wanted">See <see cref="Wanted"/>.</param>
    /// <param name="statements">Id and text of the candidates.</param>
    public static IReadOnlyList<(string Id, double Score, IReadOnlyList<string> Found)> Rank(IReadOnlyList<string> wanted, IReadOnlyCollection<(string Id, string Text)> statements)
    {
        var matches = statements.Select(statement =>
        {
            var words = Words.Of(statement.Text).Distinct(StringComparer.Ordinal).ToList();
            return (statement.Id, Length: words.Count, Credits: wanted.Select(want => words.Select(word => WordMatch.Score(want, word)).DefaultIfEmpty().Max()).ToArray());
        }).ToList();
        // Robertson and Spärck Jones' weight of a word, over the candidates.
        var weights = wanted.Select((_, index) =>
        {
            var with = matches.Count(match => match.Credits[index] > 0);
            return Math.Log(1 + ((matches.Count - with + 0.5) / (with + 0.5)));
        }).ToArray();
        var all = weights.Sum();
        return [.. matches
            .Select(match => (match.Id, match.Length, match.Credits, Score: all > 0 ? match.Credits.Zip(weights, static (credit, weight) => credit * weight).Sum() / all : 0))
            .Where(static match => match.Score >= Least)
            // Of two that hold as much, the one that says less besides.
            .OrderByDescending(static match => match.Score).ThenBy(static match => match.Length).ThenByDescending(static match => match.Id, StringComparer.Ordinal)
            .Select(match => (match.Id, match.Score, (IReadOnlyList<string>)[.. wanted.Where((_, index) => match.Credits[index] > 0)]))];
    }

    /// <summary>The words as Postgres searches them, each a query of its own: the word, or one with the same first letters where the spelling may differ.</summary>
    public static IReadOnlyList<string> ToTsQueries(IReadOnlyList<string> wanted) => [.. wanted.Take(MostWords).Select(static word => string.Join(" | ", Terms(word)))];

    // Every word of the memory's has letters and digits only, see Words; the quotes are for what Unicode calls a letter.
    private static IEnumerable<string> Terms(string word)
    {
        yield return $"'{Quoted(word)}'";
        if (word.Length >= 5 && !word.Any(char.IsDigit))
        {
            yield return $"'{Quoted(word[..4])}':*";
        }
    }

    private static string Quoted(string word) => word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
}
