using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Retrieval;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Memory.Retrieval;

/// <summary>Fusion, words, recency, choice of strategies and the joining of hits.</summary>
public sealed class RankingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Ranking> Rankings = Gen.Select(Gen.Enum<MemorySearchStrategy>(), Gen.Shuffle(Enumerable.Range(0, 12).Select(static i => $"m{i:00}").ToArray()), Gen.Int[0, 12], static (strategy, ids, take) => new Ranking(strategy, [.. ids.Take(take)]));

    [Fact]
    public void Fuse_FirstOfEveryRanking_HasOne() =>
        Assert.Equal(("a", 1.0), RankFusion.Fuse([new Ranking(MemorySearchStrategy.Lexical, ["a", "b"]), new Ranking(MemorySearchStrategy.Semantic, ["a"])])[0]);

    [Fact]
    public void Fuse_AnyRankings_KeepsEachOnceInFallingOrder() => Rankings.Array[0, 4].Sample(static rankings =>
    {
        var fused = RankFusion.Fuse(rankings);
        return fused.Select(static one => one.Id).Order().SequenceEqual(rankings.SelectMany(static one => one.Ids).Distinct().Order())
            && fused.Zip(fused.Skip(1)).All(static pair => pair.First.Score >= pair.Second.Score)
            && fused.All(static one => one.Score is > 0 and <= 1.0000001);
    });

    [Fact]
    public void Fuse_OneThatIsBetterInEveryRanking_ComesFirst() => Rankings.Array[1, 4].Sample(static rankings =>
        RankFusion.Fuse([.. rankings.Select(static one => one with { Ids = ["best", .. one.Ids] })])[0].Id == "best");

    [Fact]
    public void Words_ARareWord_CountsMoreThanACommonOne()
    {
        var statements = Enumerable.Range(0, 20).Select(static i => ($"s{i:00}", $"box {i} stands on shelf {i % 3}")).Append(("v", "the violin is in the box")).ToList();
        Assert.Equal("v", WordRanking.Rank(WordRanking.Wanted("violin box"), statements)[0].Id);
        Assert.Equal("s07", WordRanking.Rank(WordRanking.Wanted("box 7"), statements)[0].Id);
    }

    [Fact]
    public void Words_ASlip_IsFound() => Assert.Equal(["birtdhay"], Assert.Single(WordRanking.Rank(WordRanking.Wanted("birtdhay"), [("a", "her birthday is in May")])).Found);

    [Fact]
    public void Recency_EachHalfLife_Halves()
    {
        Assert.Equal(0.25, Recency.Weight(Now.AddDays(-60), Now, TimeSpan.FromDays(30)), 9);
        Assert.Equal(1, Recency.Weight(Now.AddDays(1), Now, TimeSpan.FromDays(30)));
    }

    [Theory]
    [InlineData("locker code", "Semantic,Lexical")]
    [InlineData("where does my sister live", "Semantic,Lexical,Graph")]
    [InlineData("what is the latest news of Acme", "Semantic,Lexical,Graph,Temporal")]
    public void Choice_ByTheQuery(string query, string expected) => Assert.Equal(expected, string.Join(',', StrategyChoice.For(query, null, false)));

    [Fact]
    public void Hits_TheSameStatementTwice_IsOneHit_AndOtherNumbersAreOther()
    {
        var state = new SearchState();
        state.Add(MemorySearchStrategy.Lexical, new[] { "The violin is at the repair shop", "the violin is at the repair shop!", "box 1 stands on shelf 16 in the cellar of the house", "box 2 stands on shelf 16 in the cellar of the house" }
            .Select((text, index) => (new FoundMemory($"m{index}", text, MemoryKind.Semantic, Now, null, Now), "why")));
        Assert.Equal(["m0", "m2", "m3"], state.Hits(10).Select(static hit => hit.Id));
        Assert.Equal(["m0"], state.Hits(1).Select(static hit => hit.Id));
    }
}
