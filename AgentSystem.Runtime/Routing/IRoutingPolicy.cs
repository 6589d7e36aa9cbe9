namespace AgentSystem.Runtime.Routing;

/// <summary>Picks the instance that shall serve a request.</summary>
public interface IRoutingPolicy
{
    /// <summary>The name <see cref="RoutingOptions.Policy"/> selects it by.</summary>
    string Name { get; }

    /// <summary>One of <paramref name="instances"/>; null when there is none.</summary>
    Instance? Pick(IReadOnlyList<Instance> instances);
}
