using AgentSystem.Contracts.Agents;

namespace AgentSystem.Runtime.Agents.Rules;

/// <summary>The ranges of an agent's numbers, as the contract's records state them.</summary>
internal static class Bounds
{
    private const int MaxReplicas = 1_000;

    public static AgentRefusal? Check(AgentLimits? limits) => limits is null ? null
        : Range("limits.max_steps", limits.MaxSteps, 1, 100)
        ?? Range("limits.max_seconds", limits.MaxSeconds, 1, 3_600)
        ?? Range("limits.max_output_tokens", limits.MaxOutputTokens, 1, 131_072);

    public static AgentRefusal? Check(AgentScaling? scaling) => scaling is null ? null
        : Range("scaling.min_replicas", scaling.MinReplicas, 0, MaxReplicas)
        ?? Range("scaling.max_replicas", scaling.MaxReplicas, Math.Max(1, scaling.MinReplicas), MaxReplicas)
        ?? Range("scaling.initial_replicas", scaling.InitialReplicas, scaling.MinReplicas, scaling.MaxReplicas);

    private static AgentRefusal? Range(string member, int value, int least, int most) =>
        value >= least && value <= most ? null : AgentRules.Invalid(member, $"\"{member}\" must be from {least} to {most}; it is {value}.");
}
