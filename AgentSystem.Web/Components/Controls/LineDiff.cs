using AgentSystem.Contracts.Agents;

namespace AgentSystem.Web.Components.Controls;

/// <summary>What differs between two texts, line by line, with as many lines kept as can be.</summary>
internal static class LineDiff
{
    private const string Same = "same";
    private const string Removed = "removed";
    private const string Added = "added";

    public static IReadOnlyList<DiffLine> Between(string before, string after)
    {
        var old = before.ReplaceLineEndings("\n").Split('\n');
        var now = after.ReplaceLineEndings("\n").Split('\n');
        // longest[i, j]: the longest common subsequence of old[i..] and now[j..].
        var longest = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                longest[i, j] = old[i] == now[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        var lines = new List<DiffLine>();
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

        return lines;
    }
}
