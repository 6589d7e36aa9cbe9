using AgentSystem.Contracts.Agents;

namespace AgentSystem.Web.Components.Controls;

/// <summary>What differs between two texts, line by line, with as many lines kept as can be; in long stretches that differ, with those that stand in both exactly once.</summary>
internal static class LineDiff
{
    /// <summary>Cells of the largest table: two stretches of 2,000 lines, 16 MB.</summary>
    private const int MostCells = 2_000 * 2_000;

    /// <summary>How often a stretch is cut into shorter ones before it is given up as different: each time costs a walk through all of it.</summary>
    private const int MostCuts = 8;

    private const string Same = "same";
    private const string Removed = "removed";
    private const string Added = "added";

    /// <param name="mostCells">How large a table may be; above it texts are cut into blocks first.</param>
    public static IReadOnlyList<DiffLine> Between(string before, string after, int mostCells = MostCells)
    {
        var lines = new List<DiffLine>();
        Compare(before.ReplaceLineEndings("\n").Split('\n'), after.ReplaceLineEndings("\n").Split('\n'), new Bounds(mostCells, MostCuts), lines);
        return lines;
    }

    private static void Compare(ReadOnlySpan<string> old, ReadOnlySpan<string> now, Bounds bounds, List<DiffLine> lines)
    {
        var head = old.CommonPrefixLength(now);
        Add(Same, old[..head], lines);
        old = old[head..];
        now = now[head..];
        var tail = 0;
        while (tail < old.Length && tail < now.Length && old[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        var oldMiddle = old[..^tail];
        var nowMiddle = now[..^tail];
        if ((long)oldMiddle.Length * nowMiddle.Length <= bounds.Cells)
        {
            ByTable(oldMiddle, nowMiddle, lines);
        }
        else
        {
            ByBlocks(oldMiddle, nowMiddle, bounds, lines);
        }

        Add(Same, old[^tail..], lines);
    }

    /// <summary>Lines that stand in both texts exactly once hold the two together; what lies between two of them is compared by itself.</summary>
    private static void ByBlocks(ReadOnlySpan<string> old, ReadOnlySpan<string> now, Bounds bounds, List<DiffLine> lines)
    {
        var anchors = bounds.Cuts == 0 ? [] : InOrder(Shared(old, now));
        if (anchors.Count == 0)
        {
            Add(Removed, old, lines);
            Add(Added, now, lines);
            return;
        }

        var shorter = bounds with { Cuts = bounds.Cuts - 1 };
        var (atOld, atNow) = (0, 0);
        foreach (var (i, j) in anchors)
        {
            Compare(old[atOld..i], now[atNow..j], shorter, lines);
            lines.Add(new DiffLine(Same, old[i]));
            (atOld, atNow) = (i + 1, j + 1);
        }

        Compare(old[atOld..], now[atNow..], shorter, lines);
    }

    /// <summary>Where the lines are that stand in both texts exactly once, in the order of the old one.</summary>
    private static List<(int Old, int Now)> Shared(ReadOnlySpan<string> old, ReadOnlySpan<string> now)
    {
        var once = Once(now);
        var seen = Once(old);
        var shared = new List<(int, int)>();
        for (var i = 0; i < old.Length; i++)
        {
            if (seen[old[i]] is not null && once.GetValueOrDefault(old[i]) is { } j)
            {
                shared.Add((i, j));
            }
        }

        return shared;
    }

    private static Dictionary<string, int?> Once(ReadOnlySpan<string> text)
    {
        var places = new Dictionary<string, int?>(text.Length, StringComparer.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            places[text[i]] = places.ContainsKey(text[i]) ? null : i;
        }

        return places;
    }

    /// <summary>The most of <paramref name="pairs"/> that keep their order in both texts: a longest increasing subsequence, in n log n steps.</summary>
    private static List<(int Old, int Now)> InOrder(List<(int Old, int Now)> pairs)
    {
        // ends[k]: the pair with the smallest place in the new text that ends a sequence of k + 1.
        var ends = new List<int>();
        var before = new int[pairs.Count];
        for (var at = 0; at < pairs.Count; at++)
        {
            var (low, high) = (0, ends.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = pairs[ends[middle]].Now < pairs[at].Now ? (middle + 1, high) : (low, middle);
            }

            before[at] = low == 0 ? -1 : ends[low - 1];
            if (low == ends.Count)
            {
                ends.Add(at);
            }
            else
            {
                ends[low] = at;
            }
        }

        var chosen = new List<(int, int)>();
        for (var at = ends.Count == 0 ? -1 : ends[^1]; at >= 0; at = before[at])
        {
            chosen.Add(pairs[at]);
        }

        chosen.Reverse();
        return chosen;
    }

    private static void ByTable(ReadOnlySpan<string> old, ReadOnlySpan<string> now, List<DiffLine> lines)
    {
        // longest[i, j]: the longest common subsequence of old[i..] and now[j..].
        var longest = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                longest[i, j] = old[i] == now[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                lines.Add(new DiffLine(Same, old[i++]));
                j++;
            }
            else if (j == now.Length || (i < old.Length && longest[i + 1, j] >= longest[i, j + 1]))
            {
                lines.Add(new DiffLine(Removed, old[i++]));
            }
            else
            {
                lines.Add(new DiffLine(Added, now[j++]));
            }
        }
    }

    /// <param name="Cells">Cells of the largest table.</param>
    /// <param name="Cuts">How often a stretch may still be cut.</param>
    private readonly record struct Bounds(int Cells, int Cuts);

    private static void Add(string kind, ReadOnlySpan<string> text, List<DiffLine> lines)
    {
        foreach (var line in text)
        {
            lines.Add(new DiffLine(kind, line));
        }
    }
}
