using AgentSystem.Runtime.Memory.Graph;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Memory.Graph;

public sealed class GraphWalkTests
{
    private static readonly Gen<Mention[]> Mentions = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 7], static (memory, entity) => new Mention($"m{memory}", $"e{entity}")).Array[0, 40];

    [Fact]
    public void From_ASeed_ReachesWhatIsTwoStepsAwayAndTellsThePath()
    {
        Mention[] mentions = [new("is", "sister"), new("is", "clara"), new("lives", "clara"), new("lives", "oslo"), new("far", "oslo"), new("far", "fjord")];
        var reached = GraphWalk.From(new Dictionary<string, double> { ["sister"] = 1 }, mentions);
        Assert.Equal(["is", "lives"], reached.Select(static one => one.Memory));
        Assert.Equal("sister > clara", string.Join(" > ", reached[1].Path));
        Assert.True(reached[0].Weight > reached[1].Weight);
        Assert.Equal(["far", "is", "lives"], GraphWalk.From(new Dictionary<string, double> { ["sister"] = 1 }, mentions, hops: 3).Select(static one => one.Memory).Order());
    }

    [Fact]
    public void From_MentionsInAnyOrder_GivesTheSame() => Mentions.Sample(static mentions =>
    {
        var seeds = new Dictionary<string, double> { ["e0"] = 1, ["e1"] = 0.5 };
        return GraphWalk.From(seeds, mentions).Select(Said).SequenceEqual(GraphWalk.From(seeds, [.. mentions.Reverse()]).Select(Said));

        static string Said(Reached one) => $"{one.Memory} {one.Weight:0.000000000}";
    });

    [Fact]
    public void From_Anything_StaysWithinItsBounds() => Mentions.Sample(static mentions =>
    {
        var (near, far) = (GraphWalk.From(new Dictionary<string, double> { ["e0"] = 1 }, mentions, 1), GraphWalk.From(new Dictionary<string, double> { ["e0"] = 1 }, mentions, 2));
        return far.All(static one => one.Weight is > 0 and <= 1 && one.Path[0] == "e0" && one.Path.Count <= 2)
            && near.All(one => far.Any(other => other.Memory == one.Memory && other.Weight >= one.Weight))
            && near.Select(static one => one.Memory).Order().SequenceEqual(mentions.Where(static mention => mention.Entity == "e0").Select(static mention => mention.Memory).Distinct().Order());
    });
}
