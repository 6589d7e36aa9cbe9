using AgentSystem.Contracts.Security;

namespace AgentSystem.Contracts.Keys;

/// <summary>Body of <c>POST /api/v1/keys</c>.</summary>
/// <param name="Name">What a person calls the key; 1 to 100 characters.</param>
/// <param name="Scopes">At least one of <see cref="Security.Scopes.All"/>.</param>
/// <param name="Tenant">Absent: the caller's tenant.</param>
/// <param name="Team">Spending is attributed to it.</param>
/// <param name="User">When set, the key speaks for this user only.</param>
/// <param name="Agents">Agents it may call; absent: all (<c>["*"]</c>).</param>
/// <param name="Tools">Tools it may cause to run; absent: all (<c>["*"]</c>).</param>
/// <param name="Limits">Absent: unlimited.</param>
/// <param name="ExpiresInDays">1 to 3650; absent: never.</param>
public sealed record CreateKey(
    string Name,
    IReadOnlyList<string> Scopes,
    string? Tenant = null,
    string? Team = null,
    string? User = null,
    IReadOnlyList<string>? Agents = null,
    IReadOnlyList<string>? Tools = null,
    KeyLimits? Limits = null,
    int? ExpiresInDays = null);
