namespace AgentSystem.Control.Deployment;

/// <summary>What a part of the system is to a cluster.</summary>
public enum ServiceKind
{
    /// <summary>The HTTP edge.</summary>
    Gateway,

    /// <summary>The console: it speaks HTTP to the gateway and has no store.</summary>
    Console,

    /// <summary>A role of the Workers image, served over gRPC.</summary>
    Role,

    /// <summary>Pods of agents that have a deployment of their own. The chart makes none of them, and says whom they may call.</summary>
    Agents,

    /// <summary>Brings the tables up to date and ends.</summary>
    Migration,

    /// <summary>Keeps the truth, the caches or the vectors.</summary>
    Store,
}
