namespace AgentSystem.Runtime.Routing;

/// <summary>The power of two choices: nearly the balance of asking everyone at the price of asking two.</summary>
internal sealed class PowerOfTwoPolicy(Random random) : IRoutingPolicy
{
    private readonly TwoChoices choices = new(random);

    public string Name => RoutingPolicies.PowerOfTwo;

    public Instance? Pick(IReadOnlyList<Instance> instances) => choices.Pick(instances, static instance => instance.Load);
}
