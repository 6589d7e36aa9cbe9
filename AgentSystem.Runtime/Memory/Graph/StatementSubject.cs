using System.Collections.Frozen;
using AgentSystem.Runtime.Memory.Embedded;

namespace AgentSystem.Runtime.Memory.Graph;

/// <summary>
/// What a statement says something of, where it can be so in one way only: "my locker code is ...", "Anna lives in ...". Two statements that begin alike up to there
/// contradict each other. A subject that may have several values ("my hobby is ...", "Anna likes ...") gives none: both statements stand.
/// </summary>
internal static class StatementSubject
{
    private const int MostWords = 12;

    private static readonly FrozenSet<string> Being = "is are was were be equal".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // One value at a time. Words as Words.Of gives them.
    private static readonly FrozenSet<string> Verbs = "live work weigh cost stand lie stay start end begin close open belong expire reside".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Attributes = (
        "name surname nickname age birthday birth address street city town country home email mail phone number password passphrase passwort pin code job employer occupation profession position title role " +
        "height weight size colour color price cost budget salary rent status state manager boss lead owner deadline date time version location place room desk office plan username login key language " +
        "timezone capital ceo president currency iban account license plate model port host url size shoe temperature limit quota gate flight seat").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Fillers = "the a an now currently still today since actually also already".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The subject, normalised; null where the statement has none of the kind. What tells whose it is stays: my code is not his code.</summary>
    public static string? Of(string text)
    {
        var words = Words.Of(text).Where(static word => !Fillers.Contains(word)).Take(MostWords + 1).ToList();
        for (var at = 1; at < Math.Min(words.Count - 1, MostWords); at++)
        {
            if (Verbs.Contains(words[at]) && words.Take(at).Any(word => Words.IsContent(word) || word is "i" or "we"))
            {
                return string.Join(' ', words.Take(at)) + " " + words[at];
            }

            if (Being.Contains(words[at]))
            {
                var content = words.Take(at).Where(Words.IsContent).ToList();
                return content.Count > 0 && (Attributes.Contains(content[^1]) || content.SkipLast(1).Any(Attributes.Contains))
                    ? string.Join(' ', words.Take(at)) + " is"
                    : null;
            }
        }

        return null;
    }

    /// <summary>True when the two say the same in other writing.</summary>
    public static bool IsSame(string one, string other) => Words.Of(one).SequenceEqual(Words.Of(other), StringComparer.Ordinal);
}
