using AgentSystem.Runtime.Routing;

namespace AgentSystem.Tests.Runtime.Routing;

public sealed class PowerOfTwoPolicyTests
{
    [Fact]
    public void Pick_NoInstance_IsNull() => Assert.Null(new PowerOfTwoPolicy(new Random(1)).Pick([]));

    [Fact]
    public async Task Pick_OneBusyOneFree_AlwaysTakesTheFreeOne()
    {
        using var busy = new Instance("busy", 1, 10);
        using var free = new Instance("free", 1, 10);
        using var taken = await busy.TakeAsync(TimeSpan.Zero, CancellationToken.None);
        var policy = new PowerOfTwoPolicy(new Random(7));

        Assert.All(Enumerable.Range(0, 200), _ => Assert.Same(free, policy.Pick([busy, free])));
    }

    [Fact]
    public void Pick_ManyEqualInstances_ReachesEveryOne()
    {
        var instances = Enumerable.Range(0, 8).Select(i => new Instance($"i{i}", 4, 10)).ToList();
        var policy = new PowerOfTwoPolicy(new Random(7));

        var picked = Enumerable.Range(0, 1000).Select(_ => policy.Pick(instances)!.Name).ToHashSet();

        Assert.Equal(8, picked.Count);
    }
}
