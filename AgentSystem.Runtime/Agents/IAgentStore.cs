using AgentSystem.Contracts.Agents;

namespace AgentSystem.Runtime.Agents;

/// <summary>Where agents and their immutable versions are kept.</summary>
public interface IAgentStore
{
    /// <summary>The active version of an agent, or null.</summary>
    Task<AgentDefinition?> FindAsync(string tenant, string name, CancellationToken cancellation);

    /// <summary>Active versions of all agents of a tenant, by name.</summary>
    Task<IReadOnlyList<AgentDefinition>> ListAsync(string tenant, CancellationToken cancellation);

    /// <summary>Adds version 1 of an agent unless the tenant already has one of that name; true when it was added.</summary>
    Task<bool> AddIfAbsentAsync(AgentDefinition agent, CancellationToken cancellation);
}
