namespace AgentSystem.Contracts.Security;

/// <summary>Who is asking: <c>GET /api/v1/me</c>.</summary>
/// <param name="Id">The key's id, or <c>subject:NAME</c> of single sign-on; what usage and audit say.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Tenant">Whose things it sees.</param>
/// <param name="Team">The team spending is attributed to, if any.</param>
/// <param name="User">The user it is bound to, if any.</param>
/// <param name="Scopes">What it may do; <c>admin</c> includes all the others.</param>
/// <param name="Agents">Agents it may call; <c>*</c> means all.</param>
/// <param name="Tools">Tools it may cause to run; <c>*</c> means all.</param>
/// <param name="ExpiresAt">When a key ends; null: never, or a token, which ends by itself.</param>
public sealed record IdentityView(
    string Id,
    string Name,
    string Tenant,
    string? Team,
    string? User,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Agents,
    IReadOnlyList<string> Tools,
    DateTimeOffset? ExpiresAt);
