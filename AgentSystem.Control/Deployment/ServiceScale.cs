namespace AgentSystem.Control.Deployment;

/// <summary>How many replicas there are.</summary>
/// <param name="Min">Fewest; where it equals <paramref name="Max"/> the number is fixed and no autoscaler owns it.</param>
/// <param name="Max">Most.</param>
public sealed record ServiceScale(int Min, int Max)
{
    /// <summary>True where an autoscaler decides between the two.</summary>
    public bool IsElastic => Max > Min;

    /// <summary>Always this many.</summary>
    public static ServiceScale Fixed(int replicas) => new(replicas, replicas);
}
