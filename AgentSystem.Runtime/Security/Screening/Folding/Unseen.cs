using System.Text;

namespace AgentSystem.Runtime.Security.Screening.Folding;

/// <summary>Characters that nobody sees, and where they carry meaning all the same.</summary>
internal static class Unseen
{
    public const int ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D, SoftHyphen = 0xAD, ZeroWidthSpace = 0x200B;
    public const int FirstTag = 0xE0020, LastTag = 0xE007E, CancelTag = 0xE007F, BlackFlag = 0x1F3F4;

    /// <summary>Tag characters, which repeat ASCII invisibly.</summary>
    public static bool IsTag(int code) => code is >= 0xE0000 and <= 0xE007F;

    /// <summary>Variation selectors: 256 of them, so that a run can carry bytes.</summary>
    public static bool IsVariation(int code) => code is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    /// <summary>The byte a variation selector stands for when it smuggles.</summary>
    public static byte VariationByte(int code) => (byte)(code < 0xE0100 ? code - 0xFE00 : code - 0xE0100 + 16);

    /// <summary>Marks of direction, embeddings, overrides and isolates.</summary>
    public static bool IsBidi(int code) => code is 0x200E or 0x200F or 0x061C or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>Drawn as nothing, wherever it stands.</summary>
    public static bool IsUnseen(int code) => code switch
    {
        '\t' or '\n' or '\r' => false,
        < 0x20 or 0x7F => true,
        < 0xAD => code is >= 0x80 and < 0xA0 and not 0x85,
        SoftHyphen or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or 0xFEFF => true,
        >= 0x180B and <= 0x180F => true,
        >= 0x200B and <= 0x200F => true,
        >= 0x202A and <= 0x202E => true,
        >= 0x2060 and <= 0x206F => true,
        >= 0xFFF0 and <= 0xFFFB => true,
        >= 0x1BCA0 and <= 0x1BCA3 => true,
        >= 0x1D173 and <= 0x1D17A => true,
        _ => IsTag(code) || IsVariation(code),
    };

    /// <summary>Scripts whose words need joiners: Arabic, Syriac, N'Ko, the Indic ones and their neighbours, Mongolian.</summary>
    public static bool IsJoining(int code) => code is (>= 0x600 and <= 0x8FF) or (>= 0x900 and <= 0xDFF) or (>= 0xE00 and <= 0x109F) or (>= 0x1780 and <= 0x18AF)
        or (>= 0x1A00 and <= 0x1AAF) or (>= 0x1B00 and <= 0x1CFF) or (>= 0xA800 and <= 0xAAFF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) or (>= 0x10A00 and <= 0x11FFF);

    /// <summary>Scripts written without spaces, where a zero-width space says where a line may break: Thai, Lao, Myanmar, Khmer and their neighbours.</summary>
    public static bool IsUnspaced(int code) => code is (>= 0xE00 and <= 0xEFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x1950 and <= 0x1AAF) or (>= 0xAA00 and <= 0xAA7F);

    /// <summary>Scripts written from right to left.</summary>
    public static bool IsRightToLeft(int code) => code is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    /// <summary>Chinese characters and kana, which have registered variants.</summary>
    public static bool IsIdeograph(int code) => code is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    /// <summary>True for a symbol that may be an emoji or part of one.</summary>
    public static bool IsPictorial(int code) => code is 0xA9 or 0xAE or 0x203C or 0x2049 or (>= 0x2122 and <= 0x27BF) or (>= 0x2900 and <= 0x2BFF) or 0x3030 or 0x303D or 0x3297 or 0x3299
        or (>= 0x1F000 and <= 0x1FAFF) or '#' or '*' or (>= '0' and <= '9') or 0x20E3;

    /// <summary>Letters of the Latin alphabet, plain or with accents.</summary>
    public static bool IsLatin(int code) => code is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= 0xC0 and <= 0x24F and not 0xD7 and not 0xF7) or (>= 0x1E00 and <= 0x1EFF);

    /// <summary>A letter of any script, as one code point.</summary>
    public static bool IsLetter(int code) => Rune.IsValid(code) && Rune.IsLetter(new Rune(code));

    /// <summary>The code point at a place, and how many characters it takes; half a surrogate pair stands for itself.</summary>
    public static int At(ReadOnlySpan<char> text, int index, out int length)
    {
        var c = text[index];
        if (char.IsHighSurrogate(c) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            length = 2;
            return char.ConvertToUtf32(c, text[index + 1]);
        }

        length = 1;
        return c;
    }
}
