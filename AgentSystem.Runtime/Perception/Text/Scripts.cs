using System.Globalization;
using System.Text;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>Which writing a letter belongs to, by the blocks of the Unicode standard (Blocks.txt); null for writings nobody here was taught.</summary>
internal static class Scripts
{
    public const string Han = "han";
    public const string Kana = "kana";

    private static readonly (int First, int Last, string Script)[] Blocks =
    [
        (0x0041, 0x024F, "latin"), (0x0370, 0x03FF, "greek"), (0x0400, 0x052F, "cyrillic"), (0x0530, 0x058F, "armenian"), (0x0590, 0x05FF, "hebrew"), (0x0600, 0x077F, "arabic"),
        (0x08A0, 0x08FF, "arabic"), (0x0900, 0x097F, "devanagari"), (0x0980, 0x09FF, "bengali"), (0x0A00, 0x0A7F, "gurmukhi"), (0x0A80, 0x0AFF, "gujarati"), (0x0B80, 0x0BFF, "tamil"),
        (0x0C00, 0x0C7F, "telugu"), (0x0C80, 0x0CFF, "kannada"), (0x0D00, 0x0D7F, "malayalam"), (0x0D80, 0x0DFF, "sinhala"), (0x0E00, 0x0E7F, "thai"), (0x0E80, 0x0EFF, "lao"),
        (0x1000, 0x109F, "myanmar"), (0x10A0, 0x10FF, "georgian"), (0x1100, 0x11FF, "hangul"), (0x1200, 0x137F, "ethiopic"), (0x1780, 0x17FF, "khmer"), (0x1E00, 0x1EFF, "latin"),
        (0x1F00, 0x1FFF, "greek"), (0x3040, 0x30FF, Kana), (0x3400, 0x4DBF, Han), (0x4E00, 0x9FFF, Han), (0xAC00, 0xD7AF, "hangul"), (0xF900, 0xFAFF, Han), (0xFB50, 0xFDFF, "arabic"),
        (0xFE70, 0xFEFF, "arabic"), (0x20000, 0x323AF, Han),
    ];

    /// <summary>The writing most letters of a text are in, or null. A text with some kana among its han is Japanese: no other language mixes them.</summary>
    public static string? Dominant(ReadOnlySpan<char> text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune) && Of(rune.Value) is { } script)
            {
                // One letter of these is a syllable or a word, and stands among Latin names more often than the other way round.
                counts[script] = counts.GetValueOrDefault(script) + (script is Han or Kana or "hangul" ? 3 : 1);
            }
        }

        if (counts.Count == 0)
        {
            return null;
        }

        var most = counts.MaxBy(static each => each.Value).Key;
        return most == Han && counts.GetValueOrDefault(Kana) * 20 >= counts[Han] ? Kana : most;
    }

    /// <summary>True for what words are made of: letters, and the marks that writings of India and Arabia put on them.</summary>
    public static bool IsOfWord(char c) =>
        char.IsLetter(c) || c == '\'' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string? Of(int rune)
    {
        foreach (var (first, last, script) in Blocks)
        {
            if (rune >= first && rune <= last)
            {
                return script;
            }
        }

        return null;
    }
}
