using System.Text;
using AgentSystem.Runtime.Memory.Embedded;

namespace AgentSystem.Runtime.Documents;

/// <summary>A word in a text.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="Length">In characters, as it stands there.</param>
/// <param name="Folded">For comparing: small letters, without accents, without a possessive ending.</param>
internal readonly record struct DocumentWord(int Start, int Length, string Folded);

/// <summary>
/// Cuts texts and queries into the same words, so that the database's own parser, which takes <c>and/or</c> for a file and
/// <c>handbook.md</c> for a host, meets nothing but letters and digits.
/// </summary>
internal static class DocumentWords
{
    public static IReadOnlyList<DocumentWord> Of(string text)
    {
        var words = new List<DocumentWord>();
        var (start, position) = (-1, 0);
        while (position < text.Length)
        {
            if (!Rune.TryGetRuneAt(text, position, out var rune))
            {
                rune = Rune.ReplacementChar;
            }

            var alone = IsWordByItself(rune);
            if (!alone && (IsPart(rune) || (start >= 0 && Joins(text, start, position))))
            {
                start = start < 0 ? position : start;
            }
            else
            {
                Finish(text, start, position, words);
                start = -1;
                if (alone)
                {
                    Finish(text, position, position + rune.Utf16SequenceLength, words);
                }
            }

            position += rune.Utf16SequenceLength;
        }

        Finish(text, start, text.Length, words);
        return words;
    }

    /// <summary>The words as the index and the queries have them, a blank between two.</summary>
    public static string Folded(string text) => string.Join(' ', Of(text).Select(word => word.Folded));

    private static void Finish(string text, int start, int end, List<DocumentWord> words)
    {
        if (start < 0)
        {
            return;
        }

        while (end > start && text[end - 1] is '\'' or '’')
        {
            end--;
        }

        var folded = LatinLetters.Fold(text[start..end]).Replace('’', '\'');
        folded = (folded.EndsWith("'s", StringComparison.Ordinal) ? folded[..^2] : folded).Replace("'", "", StringComparison.Ordinal);
        if (folded.Length > 0)
        {
            words.Add(new DocumentWord(start, end - start, folded));
        }
    }

    private static bool IsPart(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    /// <summary>An apostrophe joins letters, a dot joins the digits of one number.</summary>
    private static bool Joins(string text, int start, int position) => text[position] switch
    {
        '\'' or '’' => true,
        '.' => position + 1 < text.Length && char.IsAsciiDigit(text[position + 1]) && text.AsSpan(start, position - start).IndexOfAnyExceptInRange('.', '9') < 0,
        _ => false,
    };

    // Scripts written without spaces: every character counts for itself.
    private static bool IsWordByItself(Rune rune) => rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0x0E01 and <= 0x0E2E) or (>= 0x20000 and <= 0x3FFFF);
}
