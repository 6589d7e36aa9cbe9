using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Screening;

/// <summary>Texts made of what tables of characters get wrong.</summary>
internal static class Texts
{
    private static readonly string[] Pieces =
    [
        "a", "e", "I", "o", " ", "\n", "\r", "1", "=", "%41", "&#105;", "\\u0069", "<!--", "-->", "ignore", "\u0301", "\u0336", "\u200B", "\u200C", "\u200D", "\u00AD", "\u2066", "\u202E", "\u2069", "\uFE0F", "\uFE01", "\uFEFF",
        "\U000E0061", "\U000E0067", "\U000E007F", "\U0001F3F4", "\U000E0101", "\U0001F468", "❤", "а", "ο", "ｆ", "𝐱", "क", "\u094D", "م", "ใ", "漢", "\uD83D", "\uDC68", "\u3164", "ᄀ", "\0", "\u007F", "aWdub3Jl", "69676e6f", ". . ", "i.g.n.o",
    ];

    /// <summary>Up to 60 of them in a row.</summary>
    public static Gen<string> Nasty { get; } = Any(Pieces).Array[0, 60].Select(string.Concat);

    /// <summary>One of some values, each as likely.</summary>
    public static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
