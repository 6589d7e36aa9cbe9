using System.Collections.Frozen;
using System.Text;

namespace AgentSystem.Runtime.Memory.Embedded;

/// <summary>Cuts a text into words that can be compared: folded letters, without possessive and plural endings.</summary>
internal static class Words
{
    // Words that say how something is asked or said, not what it is about. "User" is how large models speak of the person.
    private static readonly FrozenSet<string> Function = (
        "a an the this that these those my mine our ours your yours his her hers its their theirs me i we us you he she it they them myself user " +
        "is are was were be been being am do does did done has have had having will would can could shall should may might must " +
        "of to in on at by for with from as into about and or but if so than then not no " +
        "what when where who whom whose which why how there here again please s t re ve ll d m").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // Other names of one thing that no spelling rule connects.
    private static readonly FrozenDictionary<string, string> SameAs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["born"] = "birth",
        ["children"] = "child",
        ["kid"] = "child",
        ["people"] = "person",
        ["men"] = "man",
        ["women"] = "woman",
        ["wives"] = "wife",
        ["knives"] = "knife",
        ["feet"] = "foot",
        ["teeth"] = "tooth",
        ["mum"] = "mother",
        ["mom"] = "mother",
        ["dad"] = "father",
        ["grandma"] = "grandmother",
        ["granny"] = "grandmother",
        ["grandpa"] = "grandfather",
        ["granddad"] = "grandfather",
        ["telephone"] = "phone",
        ["bike"] = "bicycle",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The words of <paramref name="text"/> in their order.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var character in LatinLetters.Fold(text))
        {
            if (IsWordByItself(character))
            {
                Finish(words, word);
                words.Add(character.ToString());
            }
            else if (char.IsLetterOrDigit(character) || char.IsSurrogate(character) || character is '\'' or '’')
            {
                word.Append(character is '’' ? '\'' : character);
            }
            else if (character != '-' || word.Length == 0)
            {
                // A hyphen inside a word is dropped: wi-fi is wifi.
                Finish(words, word);
            }
        }

        Finish(words, word);
        return words;
    }

    /// <summary>True for a word that carries meaning by itself.</summary>
    public static bool IsContent(string word) => !Function.Contains(word);

    // Scripts written without spaces: every character counts for itself.
    private static bool IsWordByItself(char character) => character is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\u0E00' and <= '\u0E7F');

    private static void Finish(List<string> words, StringBuilder word)
    {
        var text = word.ToString().Trim('\'');
        word.Clear();
        if (text.EndsWith("'s", StringComparison.Ordinal))
        {
            text = text[..^2];
        }

        text = text.Replace("'", "", StringComparison.Ordinal);
        if (text.Length > 0)
        {
            var single = Singular(text);
            words.Add(SameAs.GetValueOrDefault(text) ?? SameAs.GetValueOrDefault(single) ?? single);
        }
    }

    private static string Singular(string word) => word switch
    {
        { Length: <= 3 } => word,
        _ when word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4 => $"{word[..^3]}y",
        _ when word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal) => word[..^2],
        _ when word.EndsWith("ss", StringComparison.Ordinal) || word.EndsWith("us", StringComparison.Ordinal) || word.EndsWith("is", StringComparison.Ordinal) => word,
        _ when word.EndsWith('s') && !char.IsAsciiDigit(word[0]) => word[..^1],
        _ => word,
    };
}
