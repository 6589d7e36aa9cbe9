namespace AgentSystem.Runtime.Routing;

/// <summary>The power of two choices: nearly the balance of asking everyone at the price of asking two.</summary>
internal sealed class PowerOfTwoPolicy(Random random) : IRoutingPolicy
{
    private readonly Lock gate = new();

    public string Name => RoutingPolicies.PowerOfTwo;

    public Instance? Pick(IReadOnlyList<Instance> instances)
    {
        switch (instances.Count)
        {
            case 0:
                return null;
            case 1:
                return instances[0];
            default:
                int first, second;
                lock (gate)
                {
                    first = random.Next(instances.Count);
                    second = random.Next(instances.Count - 1);
                }

                if (second >= first)
                {
                    second++;
                }

                return instances[first].Load <= instances[second].Load ? instances[first] : instances[second];
        }
    }
}
