namespace AgentSystem.Runtime.Memory.Embedded;

/// <summary>How far two words are the same word.</summary>
internal static class WordMatch
{
    /// <summary>The credit of a word that is nearly the same: a slip of the pen, or the beginning of a compound.</summary>
    public const double Near = 0.8;

    private const int ShortestBeginning = 5;
    private const int ShortestWithOneSlip = 6;
    private const int ShortestWithTwoSlips = 10;

    /// <summary>1 for the same word, <see cref="Near"/> for nearly the same, else 0. Numbers are the same or they are not.</summary>
    public static double Score(string a, string b)
    {
        if (a.Equals(b, StringComparison.Ordinal))
        {
            return 1;
        }

        if (a.Any(char.IsDigit) || b.Any(char.IsDigit))
        {
            return 0;
        }

        var (shorter, longer) = a.Length <= b.Length ? (a, b) : (b, a);
        if (shorter.Length >= ShortestBeginning && longer.StartsWith(shorter, StringComparison.Ordinal))
        {
            return Near;
        }

        // Slips rarely hit the first letter, and words that differ there (flight, light) are different words.
        var slips = shorter.Length >= ShortestWithTwoSlips ? 2 : shorter.Length >= ShortestWithOneSlip ? 1 : 0;
        return slips > 0 && a[0] == b[0] && longer.Length - shorter.Length <= slips && Distance(a, b) <= slips ? Near : 0;
    }

    /// <summary>Optimal string alignment: insertions, deletions, substitutions and swapped neighbours.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
