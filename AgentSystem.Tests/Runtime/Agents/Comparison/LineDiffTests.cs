using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents.Comparison;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Agents.Comparison;

public sealed class LineDiffTests
{
    private static readonly string[] Lines = ["a", "b", "c", "", "a\r"];
    private static readonly Gen<string> Text = Gen.Int[0, 4].Select(i => Lines[i]).Array[0, 14].Select(lines => string.Join('\n', lines));

    [Fact]
    public void Between_AnyTexts_LeadsFromTheOneToTheOther() => Gen.Select(Text, Text).Sample((before, after) =>
    {
        var diff = LineDiff.Between(before, after);
        Assert.Equal(before, Join(diff, "added"));
        Assert.Equal(after, Join(diff, "removed"));
    });

    [Fact]
    public void Between_AnyTexts_KeepsAsManyLinesAsCanBeKept() => Gen.Select(Text, Text).Sample((before, after) =>
        Assert.Equal(LongestCommon(before.Split('\n'), after.Split('\n')), LineDiff.Between(before, after).Count(line => line.Kind == "same")));

    [Fact]
    public void Between_TextsThatDifferInTooMuch_IsStillRightAndBounded()
    {
        var before = "head\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => (char)('a' + (i % 7)) + "\n")) + "tail";
        var after = "head\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => (char)('c' + (i * 31 % 11)) + "\n")) + "tail";
        var diff = LineDiff.Between(before, after);

        Assert.Equal(before, Join(diff, "added"));
        Assert.Equal(after, Join(diff, "removed"));
        Assert.Equal("head", diff[0].Text);
        Assert.Equal(("same", "tail"), (diff[^1].Kind, diff[^1].Text));
    }

    [Fact]
    public void Between_ALongTextWithOneChange_ShowsJustThat()
    {
        var lines = Enumerable.Range(0, 20_000).Select(i => $"line {i}").ToArray();
        var changed = lines.ToArray();
        (changed[3], changed[19_000]) = ("other", "another");
        var diff = LineDiff.Between(string.Join('\n', lines), string.Join('\n', changed));

        Assert.Equal(["line 3", "other", "line 19000", "another"], diff.Where(line => line.Kind != "same").Select(line => line.Text));
    }

    private static string Join(IEnumerable<DiffLine> diff, string without) => string.Join('\n', diff.Where(line => line.Kind != without).Select(line => line.Text));

    /// <summary>Length of the longest common subsequence, by the textbook's table.</summary>
    private static int LongestCommon(string[] a, string[] b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                table[i, j] = a[i - 1] == b[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
            }
        }

        return table[a.Length, b.Length];
    }
}
