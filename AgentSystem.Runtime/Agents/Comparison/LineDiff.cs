using AgentSystem.Contracts.Agents;

namespace AgentSystem.Runtime.Agents.Comparison;

/// <summary>
/// The lines of two texts, the shortest way from one to the other: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986).
/// Lines end at LF only, so a CR stays part of its line and joining the lines with LF gives the text back.
/// </summary>
internal static class LineDiff
{
    /// <summary>Most edits that are looked for; what it keeps of its way grows with the square, 4 bytes each: 9 MB at this bound.</summary>
    private const int MaxEdits = 1_500;

    /// <summary>Most steps of the search, which are edits times lines: about a tenth of a second.</summary>
    private const int MaxWork = 50_000_000;

    private const string Same = "same", Removed = "removed", Added = "added";

    /// <summary>Every line of both texts, in order. Texts that differ in too much are shown as wholly removed and added between their common beginning and end.</summary>
    public static IReadOnlyList<DiffLine> Between(string before, string after)
    {
        var (old, young) = (before.Split('\n'), after.Split('\n'));
        var (first, last) = (0, 0);
        var shorter = Math.Min(old.Length, young.Length);
        while (first < shorter && old[first] == young[first])
        {
            first++;
        }

        while (last < shorter - first && old[^(last + 1)] == young[^(last + 1)])
        {
            last++;
        }

        return
        [
            .. old[..first].Select(static line => new DiffLine(Same, line)),
            .. Middle(old[first..^last], young[first..^last]),
            .. old[^last..].Select(static line => new DiffLine(Same, line)),
        ];
    }

    private static IEnumerable<DiffLine> Middle(string[] old, string[] young)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] a = [.. old.Select(Number)], b = [.. young.Select(Number)];
        return Search(a, b) is { } trace
            ? Walk(trace, old, young)
            : old.Select(static line => new DiffLine(Removed, line)).Concat(young.Select(static line => new DiffLine(Added, line)));

        int Number(string line) => numbers.TryGetValue(line, out var number) ? number : numbers[line] = numbers.Count;
    }

    /// <summary>For each number of edits, how far into <paramref name="a"/> they reach on each diagonal before the next; null beyond the bounds.</summary>
    private static List<int[]>? Search(int[] a, int[] b)
    {
        var bound = Math.Min(Math.Min(a.Length + b.Length, MaxEdits), MaxWork / (a.Length + b.Length + 1));
        var reach = new int[(2 * bound) + 3];
        var trace = new List<int[]>();
        for (var edits = 0; edits <= bound; edits++)
        {
            // Diagonals -edits to edits, as the step before left them.
            trace.Add(reach[(bound + 1 - edits)..(bound + 2 + edits)]);
            for (var k = -edits; k <= edits; k += 2)
            {
                var at = bound + 1 + k;
                var x = k == -edits || (k != edits && reach[at - 1] < reach[at + 1]) ? reach[at + 1] : reach[at - 1] + 1;
                var y = x - k;
                while (x < a.Length && y < b.Length && a[x] == b[y])
                {
                    (x, y) = (x + 1, y + 1);
                }

                reach[at] = x;
                if (x >= a.Length && y >= b.Length)
                {
                    return trace;
                }
            }
        }

        return null;
    }

    /// <summary>Goes the way back from both ends to both beginnings.</summary>
    private static List<DiffLine> Walk(List<int[]> trace, string[] old, string[] young)
    {
        var lines = new List<DiffLine>(old.Length + young.Length);
        var (x, y) = (old.Length, young.Length);
        for (var edits = trace.Count - 1; edits > 0; edits--)
        {
            var (reach, k) = (trace[edits], x - y);
            // What the step before reached on the neighbouring diagonals; index 0 is diagonal -edits.
            var down = k == -edits || (k != edits && reach[k - 1 + edits] < reach[k + 1 + edits]);
            var fromX = down ? reach[k + 1 + edits] : reach[k - 1 + edits];
            var fromY = fromX - (down ? k + 1 : k - 1);
            while (x > fromX && y > fromY)
            {
                lines.Add(new DiffLine(Same, old[--x]));
                y--;
            }

            lines.Add(down ? new DiffLine(Added, young[--y]) : new DiffLine(Removed, old[--x]));
        }

        while (x > 0)
        {
            lines.Add(new DiffLine(Same, old[--x]));
        }

        lines.Reverse();
        return lines;
    }
}
