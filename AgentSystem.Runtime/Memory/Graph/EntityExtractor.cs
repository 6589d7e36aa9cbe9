using System.Collections.Frozen;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Embedded;

namespace AgentSystem.Runtime.Memory.Graph;

/// <summary>
/// Finds what a statement names, by its writing alone: names (capital letters), dates, numbers, addresses, and relatives ("my sister").
/// It knows no language but English months and relatives, and takes a word that only begins a sentence for a name where it is no common one.
/// </summary>
internal static partial class EntityExtractor
{
    /// <summary>Most things of one statement; what comes later in it is left out.</summary>
    public const int Most = 12;

    private const int LongestName = 200;

    private static readonly FrozenSet<string> Openers = (
        "all any every each some many most few several both either neither one two three today yesterday tomorrow please remember note always never often sometimes usually now later " +
        "yes no ok okay hello hi thanks if when while after before since because although however also first second third last next new old see use call ask tell write " +
        "never do don't let make keep take put get go come try i im i'm").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Relatives = (
        "sister brother mother father mum mom dad wife husband partner son daughter child kid aunt uncle cousin niece nephew grandmother grandfather grandma grandpa " +
        "friend boss manager neighbour neighbor colleague doctor dentist teacher landlord dog cat team company").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The things <paramref name="text"/> names, in their order, each once.</summary>
    public static IReadOnlyList<MemoryEntity> In(string text)
    {
        var (found, seen, taken) = (new List<(int At, MemoryEntity Entity)>(), new HashSet<string>(StringComparer.Ordinal), new bool[text.Length]);
        foreach (var (pattern, type) in new[] { (Address(), "address"), (Date(), "date"), (Number(), "number") })
        {
            foreach (var match in pattern.EnumerateMatches(text))
            {
                Add(match.Index, match.Length, type);
            }
        }

        foreach (Match match in Relative().Matches(text))
        {
            var noun = match.Groups["noun"];
            if (Relatives.Contains(noun.Value.ToLowerInvariant()))
            {
                Add(noun.Index, noun.Length, "person");
            }
        }

        foreach (Match match in Name().Matches(text))
        {
            var (start, value) = WithoutOpener(text, match.Index, match.Value);
            if (value.Length > 1)
            {
                Add(start, value.Length, "name");
            }
        }

        return [.. found.OrderBy(static one => one.At).Select(static one => one.Entity).Take(Most)];

        void Add(int at, int length, string type)
        {
            var name = text.Substring(at, length).Trim().TrimEnd('.', ',', ';', ':', '!', '?', '\'', '’', '-', '&');
            if (name.Length is 0 or > LongestName || taken.AsSpan(at, length).Contains(true) || Fold(name) is not { Length: > 0 } folded)
            {
                return;
            }

            taken.AsSpan(at, length).Fill(true);
            if (seen.Add(folded))
            {
                found.Add((at, new MemoryEntity(name, type)));
            }
        }
    }

    /// <summary>What makes two names one: their words as the memory compares words; empty for a name without any.</summary>
    public static string Fold(string name) => string.Join(' ', Words.Of(name));

    /// <summary>Leaves out the words that are capital only because a sentence begins with them.</summary>
    private static (int Start, string Value) WithoutOpener(string text, int start, string value)
    {
        while (value.Length > 0)
        {
            var word = value.Split(' ', 2);
            var plain = Words.Of(word[0]);
            var common = plain.Count == 0 || Openers.Contains(word[0].ToLowerInvariant().TrimEnd('\'')) || plain.All(static one => !Words.IsContent(one));
            if (!common || (!BeginsSentence(text, start) && plain.Count > 0 && plain.Any(Words.IsContent)))
            {
                return (start, value);
            }

            var rest = word.Length == 1 ? "" : word[1];
            (start, value) = (start + value.Length - rest.Length, rest);
        }

        return (start, value);
    }

    private static bool BeginsSentence(string text, int at)
    {
        var before = text.AsSpan(0, at).TrimEnd();
        return before.IsEmpty || before[^1] is '.' or '!' or '?' or ':' or '"' or '“' or '\n' || text.AsSpan(0, at).Contains('\n') && text.AsSpan(0, at).Trim(' ').EndsWith("\n", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"https?://[^\s<>""]{1,190}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b|\b(?:\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?)?(?:January|February|March|April|May|June|July|August|September|October|November|December)(?:\s\d{1,2}(?:st|nd|rd|th)?\b)?(?:,?\s\d{4}\b)?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Date();

    [GeneratedRegex(@"(?<![\w.,])\d+(?:[.,:]\d+){0,6}(?![\w])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\b(?:my|our|his|her|their|your)\s(?:(?:older|elder|oldest|eldest|younger|youngest|big|little|best|late|new|old)\s)?(?<noun>\w+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Relative();

    [GeneratedRegex(@"(?<![\w'’])\p{Lu}[\p{L}\p{N}&-]*(?:\s(?:(?:of|von|van|de|der|den|la|le)\s)?\p{Lu}[\p{L}\p{N}&-]*){0,5}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
