using System.Globalization;
using System.Numerics;

namespace AgentSystem.Runtime.Perception.Images;

/// <summary>A difference hash (dHash, N. Krawetz 2013): a grey picture of 9 by 8, one bit for each pair of neighbours in a row, set where the left one is brighter.</summary>
public static class PerceptualHash
{
    /// <summary>Pixels in a row of the small picture.</summary>
    public const int Columns = 9;

    /// <summary>Rows of the small picture.</summary>
    public const int Rows = 8;

    /// <summary>The hash of 72 brightnesses, row by row.</summary>
    public static ulong Of(ReadOnlySpan<double> grey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(grey.Length, Columns * Rows);
        var hash = 0UL;
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns - 1; column++)
            {
                hash = (hash << 1) | (grey[(row * Columns) + column] > grey[(row * Columns) + column + 1] ? 1UL : 0UL);
            }
        }

        return hash;
    }

    /// <summary>As 16 digits.</summary>
    public static string Write(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Bits in which two hashes differ, 0 to 64; up to about 10 the images are the same to the eye.</summary>
    public static int Distance(ulong one, ulong other) => BitOperations.PopCount(one ^ other);
}
