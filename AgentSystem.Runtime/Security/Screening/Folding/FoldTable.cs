using System.Globalization;

namespace AgentSystem.Runtime.Security.Screening.Folding;

/// <summary>What a character becomes when texts are compared: the two tables of <c>folding.txt</c>, made by <c>eng/unicode/make_folding.py</c>.</summary>
internal static class FoldTable
{
    private const int PageBits = 8, PageSize = 1 << PageBits, Planes = 0x110000 >> PageBits;

    private static readonly (string?[]?[] Compatible, string?[]?[] Imitated) Tables = Read();

    /// <summary>The compatibility form in lower case (full width, mathematical, circled, accented); null when the character stays as it is.</summary>
    public static string? Compatible(int code) => Look(Tables.Compatible, code);

    /// <summary>The printable ASCII this character imitates (UTS 39); null when it imitates none.</summary>
    public static string? Imitated(int code) => Look(Tables.Imitated, code);

    /// <summary>A mark that is drawn onto the letter before it and carries no word by itself.</summary>
    public static bool IsMark(int code) =>
        code is (>= 0x300 and <= 0x36F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F);

    private static string? Look(string?[]?[] table, int code) => table[code >> PageBits]?[code & (PageSize - 1)];

    private static (string?[]?[] Compatible, string?[]?[] Imitated) Read()
    {
        var (compatible, imitated) = (new string?[]?[Planes], new string?[]?[Planes]);
        foreach (var line in ScreeningResources.Lines("folding.txt"))
        {
            var space = line.IndexOf(' ', 2);
            var code = int.Parse(line.AsSpan(2, space - 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ((line[0] == 'c' ? compatible : imitated)[code >> PageBits] ??= new string?[PageSize])[code & (PageSize - 1)] = line[(space + 1)..];
        }

        return (compatible, imitated);
    }
}
