namespace AgentSystem.Contracts.Roles;

/// <summary>What a Workers process can serve: the seven services of the design, the owner of the GPU, and the control loops.</summary>
public static class RoleNames
{
    /// <summary>Claims queued runs and executes them.</summary>
    public const string Reasoning = "reasoning";

    /// <summary>Every role; in a cluster each is a deployment of its own.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["perception", "memory", Reasoning, "planning", "tools", "coordination", "monitoring", "inference", "control"];

    /// <summary>The word for all of them in one process.</summary>
    public const string Everything = "all";
}
