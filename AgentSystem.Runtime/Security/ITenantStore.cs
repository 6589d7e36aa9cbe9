using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security;

/// <summary>Who there is: tenants, and the teams that their keys name.</summary>
public interface ITenantStore
{
    /// <summary>A tenant with what it owns; null when there is none.</summary>
    Task<TenantView?> FindAsync(string tenant, CancellationToken cancellation);

    /// <summary>A tenant's teams, by name.</summary>
    Task<IReadOnlyList<TeamView>> TeamsAsync(string tenant, CancellationToken cancellation);
}
