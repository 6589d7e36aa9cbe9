using AgentSystem.Contracts.Agents;

namespace AgentSystem.Runtime.Agents;

/// <summary>Where agents and their immutable versions are kept. Changes of one tenant's agents happen one after the other; each is whole or not at all.</summary>
public interface IAgentStore
{
    /// <summary>The active version of an agent, or null; archived ones are not found. On the way of every request: one look-up, never stale.</summary>
    Task<AgentDefinition?> FindAsync(string tenant, string name, CancellationToken cancellation);

    /// <summary>Names of a tenant's agents that are not archived, sorted by their characters' codes; only those of <paramref name="among"/> where it is given.</summary>
    Task<IReadOnlyList<NamedAgent>> NamesAsync(string tenant, IReadOnlyList<string>? among, CancellationToken cancellation);

    /// <summary>A part of the list of agents, by name: those that are not archived, or those that are.</summary>
    Task<IReadOnlyList<AgentView>> PageAsync(AgentQuery query, CancellationToken cancellation);

    /// <summary>Where an agent stands, archived or not; null when there is none.</summary>
    Task<AgentState?> StateAsync(string tenant, string name, CancellationToken cancellation);

    /// <summary>One version of an agent, archived or not; null for <paramref name="version"/>: the active one.</summary>
    Task<AgentRecord?> GetAsync(string tenant, string name, int? version, CancellationToken cancellation);

    /// <summary>Versions below <paramref name="before"/>, newest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<AgentRecord>> VersionsAsync(string tenant, string name, int before, int limit, CancellationToken cancellation);

    /// <summary>Keeps version 1 of an agent.</summary>
    Task<AgentWrite> CreateAsync(NewVersion first, AgentQuota quota, CancellationToken cancellation);

    /// <summary>Keeps the next version of an agent, and lets it answer where <paramref name="activate"/> says so.</summary>
    Task<AgentWrite> AppendAsync(NewVersion next, bool activate, VersionMatch? match, AgentQuota quota, CancellationToken cancellation);

    /// <summary>Lets a version answer, an older or a newer one; an archived agent comes back with it.</summary>
    Task<AgentWrite> ActivateAsync(string tenant, string name, int version, VersionMatch? match, AgentQuota quota, CancellationToken cancellation);

    /// <summary>Puts an agent away. Its versions stay.</summary>
    Task<AgentWrite> ArchiveAsync(string tenant, string name, VersionMatch? match, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>
    /// Adds an agent of the platform's own, or gives it this definition as a new version if nobody but the platform ever made one, none was rolled back or archived,
    /// and no version holds this definition already (so that an older build beside a newer one changes nothing). True when something was kept.
    /// </summary>
    Task<bool> SeedAsync(AgentDefinition agent, DateTimeOffset at, CancellationToken cancellation);
}

/// <summary>That there is an agent.</summary>
/// <param name="CreatedAt">When its first version was made.</param>
public sealed record NamedAgent(string Name, DateTimeOffset CreatedAt);

/// <summary>Which agents are wanted.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Limit">Most rows.</param>
/// <param name="After">Name of the last agent already shown; null: from the start.</param>
/// <param name="Text">What the name, the type or the description must contain, whatever the case; null: all.</param>
/// <param name="Among">Only these names; null: all.</param>
/// <param name="Archived">Those that are put away, and only those.</param>
public sealed record AgentQuery(string Tenant, int Limit, string? After = null, string? Text = null, IReadOnlyList<string>? Among = null, bool Archived = false);
