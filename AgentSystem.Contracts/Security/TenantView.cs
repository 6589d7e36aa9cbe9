namespace AgentSystem.Contracts.Security;

/// <summary>A tenant: <c>GET /api/v1/tenants</c>.</summary>
/// <param name="Id">Its name.</param>
/// <param name="CreatedAt">When it came to be.</param>
/// <param name="Agents">Agents it has that are not archived.</param>
/// <param name="Keys">Keys it has that are neither revoked nor expired.</param>
public sealed record TenantView(string Id, DateTimeOffset CreatedAt, int Agents, int Keys);

/// <summary>A team, which is there because keys name it: <c>GET /api/v1/teams</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tenant">The tenant it belongs to.</param>
/// <param name="Keys">Keys of the team that are neither revoked nor expired.</param>
public sealed record TeamView(string Name, string Tenant, int Keys);
