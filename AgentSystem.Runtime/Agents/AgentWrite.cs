using AgentSystem.Contracts.Agents;

namespace AgentSystem.Runtime.Agents;

/// <summary>A version to be kept.</summary>
/// <param name="Definition">Its number is given by the store.</param>
/// <param name="At">When it was made.</param>
/// <param name="By">Name of the key that made it.</param>
/// <param name="Seeded">Whether the platform made it, not a person.</param>
public sealed record NewVersion(AgentDefinition Definition, DateTimeOffset At, string By, bool Seeded = false);

/// <summary>How much a tenant may have.</summary>
/// <param name="Agents">Agents that are not archived.</param>
/// <param name="Types">Different types over all versions.</param>
public sealed record AgentQuota(int Agents, int Types)
{
    /// <summary>For what the platform itself adds.</summary>
    public static AgentQuota None { get; } = new(int.MaxValue, int.MaxValue);
}

/// <summary>What came of a change.</summary>
public enum AgentWriteStatus
{
    /// <summary>It is kept; the state is the one it made.</summary>
    Done,

    /// <summary>There is no agent of that name.</summary>
    Missing,

    /// <summary>The name is taken, perhaps by an archived agent.</summary>
    Taken,

    /// <summary>The agent is archived; only activating a version brings it back.</summary>
    Archived,

    /// <summary>The writer has seen another state than the present one.</summary>
    Conflict,

    /// <summary>The agent has no version of that number.</summary>
    NoSuchVersion,

    /// <summary>The tenant has as many agents as it may.</summary>
    TooManyAgents,

    /// <summary>The tenant has as many types as it may.</summary>
    TooManyTypes,
}

/// <summary>What came of a change, and where the agent stands now (null where there is none).</summary>
/// <param name="Status">Whether it was kept, or why not.</param>
/// <param name="State">The agent's state after it.</param>
/// <param name="Types">With <see cref="AgentWriteStatus.TooManyTypes"/>: the types there are.</param>
public sealed record AgentWrite(AgentWriteStatus Status, AgentState? State = null, IReadOnlyList<string>? Types = null);
