namespace AgentSystem.Runtime.Routing;

/// <summary>Well-known routing policies.</summary>
public static class RoutingPolicies
{
    /// <summary>Two instances drawn at random, the less loaded one wins (Mitzenmacher 2001).</summary>
    public const string PowerOfTwo = nameof(PowerOfTwo);

    /// <summary>Every name that <c>Routing:Policy</c> may have.</summary>
    public static IReadOnlyList<string> Known { get; } = [PowerOfTwo];
}
