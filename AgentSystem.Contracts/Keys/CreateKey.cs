using AgentSystem.Contracts.Security;

namespace AgentSystem.Contracts.Keys;

/// <summary>Body of <c>POST /api/v1/keys</c>.</summary>
/// <param name="Name">What a person calls the key; 1 to 100 characters.</param>
/// <param name="Scopes">At least one of <see cref="Security.Scopes.All"/>.</param>
/// <param name="Tenant">Absent: the caller's tenant; no other is allowed.</param>
/// <param name="Team">Spending is attributed to it. Absent: the team of the key that asks; no other than that, where it has one.</param>
/// <param name="User">When set, the key speaks for this user only. Absent: the one the key that asks is bound to; no other than that, where it is bound.</param>
/// <param name="Agents">Agents it may call, at most 100; absent: those the key that asks may call, in general all (<c>["*"]</c>). Never more than those.</param>
/// <param name="Tools">Tools it may cause to run, at most 100; absent: those of the key that asks, in general all (<c>["*"]</c>). Never more than those.</param>
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
