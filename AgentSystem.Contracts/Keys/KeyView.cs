using AgentSystem.Contracts.Security;

namespace AgentSystem.Contracts.Keys;

/// <summary>A key as lists show it: never the secret, only its recognisable prefix.</summary>
public sealed record KeyView(
    string Id,
    string Name,
    string Prefix,
    string Tenant,
    string? Team,
    string? User,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Agents,
    IReadOnlyList<string> Tools,
    KeyLimits Limits,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt);
