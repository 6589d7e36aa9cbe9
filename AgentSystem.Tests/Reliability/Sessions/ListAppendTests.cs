namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>The checker itself: what it must let pass and what it must find.</summary>
public sealed class ListAppendTests
{
    private static readonly AppendTransaction[] Two = [new(1, ["a", "b"], true), new(2, ["a", "b"], true)];

    [Fact]
    public void Check_AllInOrder_FindsNothing() => Assert.Empty(ListAppend.Check(Two, [Read([], []), Read([1], [1]), Read([1, 2], [1, 2])]));

    [Theory]
    [InlineData("lost", new[] { 1 }, new[] { 1 })]
    [InlineData("twice", new[] { 1, 2, 2 }, new[] { 1, 2 })]
    [InlineData("G0", new[] { 1, 2 }, new[] { 2, 1 })]
    public void Check_TheEndOfAHistory_FindsWhatIsWrong(string anomaly, int[] a, int[] b) => Finds(anomaly, Two, Read(a, b));

    [Fact]
    public void Check_ARead_FindsWhatIsWrong()
    {
        Finds("G1a", [new(1, ["a"], false)], Read([1], []));
        Finds("G1b", Two, Read([1], []), Read([1, 2], [1, 2]));
        Finds("order", Two, Read([2], [2]), Read([1, 2], [1, 2]));
    }

    [Fact]
    public void Check_AnUnknownTransaction_MayBeThereOrNot()
    {
        Assert.Empty(ListAppend.Check([new(1, ["a", "b"], null)], [Read([], [])]));
        Assert.Empty(ListAppend.Check([new(1, ["a", "b"], null)], [Read([1], [1])]));
    }

    private static void Finds(string anomaly, AppendTransaction[] transactions, params IReadOnlyDictionary<string, IReadOnlyList<int>>[] reads) =>
        Assert.Contains(ListAppend.Check(transactions, reads), wrong => wrong.Contains(anomaly, StringComparison.Ordinal));

    private static Dictionary<string, IReadOnlyList<int>> Read(int[] a, int[] b) => new() { ["a"] = a, ["b"] = b };
}
