using System.Text;

namespace AgentSystem.Runtime.Security.Screening.Folding;

/// <summary>
/// A text as it may be shown and stored: what hides is taken out, what carries meaning stays byte for byte (emoji sequences, Persian and Indic joiners,
/// variants of Chinese characters, flags, soft hyphens inside words, decomposed accents). Cleaning a clean text changes nothing.
/// </summary>
internal static class DisplayText
{
    /// <summary>Most marks on one letter; more is drawn over its neighbours ("zalgo").</summary>
    public const int MaxMarks = 4;

    private const int Passes = 6;

    /// <summary>The clean text; the same object when there was nothing to clean.</summary>
    public static string Clean(string text)
    {
        for (var pass = 0; pass < Passes; pass++)
        {
            var clean = Once(text, strict: false);
            if (clean.Length == text.Length)
            {
                return text;
            }

            text = clean;
        }

        // Made to need many passes: nothing unseen in it is there for its meaning.
        return Once(text, strict: true);
    }

    private static string Once(string text, bool strict)
    {
        StringBuilder? clean = null;
        var (before, marks, rightToLeft) = (0, 0, false);
        for (int i = 0, length; i < text.Length; i += length)
        {
            var code = Unseen.At(text, i, out length);
            rightToLeft |= Unseen.IsRightToLeft(code);
            var flag = code == Unseen.BlackFlag && !strict ? FlagLength(text, i + length) : 0;
            var mark = FoldTable.IsMark(code);
            if ((mark && marks == MaxMarks) || (Unseen.IsUnseen(code) && (strict || !Means(text, i, code, length, before, rightToLeft))))
            {
                clean ??= new StringBuilder(text, 0, i, text.Length);
                continue;
            }

            clean?.Append(text, i, length + flag);
            length += flag;
            (before, marks) = (code, mark ? marks + 1 : 0);
        }

        return clean?.ToString() ?? text;
    }

    private static bool Means(string text, int index, int code, int length, int before, bool rightToLeft)
    {
        var after = index + length < text.Length ? Unseen.At(text, index + length, out _) : 0;
        return code switch
        {
            Unseen.ZeroWidthJoiner => Unseen.IsJoining(before) || ((Unseen.IsPictorial(before) || Unseen.IsVariation(before)) && Unseen.IsPictorial(after)),
            Unseen.ZeroWidthNonJoiner => Unseen.IsJoining(before),
            Unseen.ZeroWidthSpace => Unseen.IsUnspaced(before) && Unseen.IsUnspaced(after),
            Unseen.SoftHyphen => char.IsLower((char)before) && after is > 0 and < 0x10000 && char.IsLower((char)after),
            0x200E or 0x200F or 0x061C => true,
            >= 0x2066 and <= 0x2069 => rightToLeft || HasRightToLeft(text, index),
            0x3164 or 0x115F or 0x1160 or 0xFFA0 => after is (>= 0x1100 and <= 0x11FF) or (>= 0xAC00 and <= 0xD7A3) || before is >= 0x1100 and <= 0x11FF,
            >= 0x180B and <= 0x180F => before is >= 0x1800 and <= 0x18AF,
            >= 0xFE00 and <= 0xFE0F => before != 0 && !Unseen.IsUnseen(before) && !Unseen.IsLatin(before) && before > ' ',
            >= 0xE0100 and <= 0xE01EF => Unseen.IsIdeograph(before),
            0x17B4 or 0x17B5 => Unseen.IsUnspaced(before),
            0x034F => FoldTable.IsMark(before) || Unseen.IsRightToLeft(before),
            _ => false,
        };
    }

    /// <summary>Isolates come in front of what they isolate; a short look ahead keeps the whole linear.</summary>
    private static bool HasRightToLeft(string text, int index)
    {
        foreach (var c in text.AsSpan(index, Math.Min(64, text.Length - index)))
        {
            if (Unseen.IsRightToLeft(c))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Length of the tags that make a black flag the flag of a region (as of Scotland), the closing one included; 0 when these are no such tags.</summary>
    private static int FlagLength(string text, int start)
    {
        const int MostTags = 6;
        for (int i = start, tags = 0; i < text.Length && tags <= MostTags; tags++)
        {
            var code = Unseen.At(text, i, out var length);
            i += length;
            if (code == Unseen.CancelTag)
            {
                return tags >= 3 ? i - start : 0;
            }

            if (code is not ((>= 0xE0061 and <= 0xE007A) or (>= 0xE0030 and <= 0xE0039)))
            {
                return 0;
            }
        }

        return 0;
    }
}
