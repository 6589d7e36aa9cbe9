namespace AgentSystem.Contracts.Roles;

/// <summary>What a Workers process can serve: the seven services of the design, the owner of the GPU, and the control loops.</summary>
public static class RoleNames
{
    /// <summary>Keeps and finds what agents remember.</summary>
    public const string Memory = "memory";

    /// <summary>Claims queued runs and executes them, and the chat calls a gateway hands over.</summary>
    public const string Reasoning = "reasoning";

    /// <summary>Makes the calls of the platform's tools.</summary>
    public const string Tools = "tools";

    /// <summary>Looks after facts.</summary>
    public const string Monitoring = "monitoring";

    /// <summary>Owns the local models, and with them the graphics processor.</summary>
    public const string Inference = "inference";

    /// <summary>Runs the control loops.</summary>
    public const string Control = "control";

    /// <summary>Every role; in a cluster each is a deployment of its own.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["perception", Memory, Reasoning, "planning", Tools, "coordination", Monitoring, Inference, Control];

    /// <summary>Those that have an interface by now, and so can be called in another process.</summary>
    public static IReadOnlyList<string> Served { get; } = [Memory, Reasoning, Tools, Monitoring, Inference, Control];

    /// <summary>The word for all of them in one process.</summary>
    public const string Everything = "all";
}
