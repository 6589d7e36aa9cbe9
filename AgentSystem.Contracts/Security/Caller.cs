namespace AgentSystem.Contracts.Security;

/// <summary>Who is calling, after authentication: everything later phases need to authorise, limit and attribute a request.</summary>
/// <param name="KeyId">The id of the key (never the key).</param>
/// <param name="KeyName">The name a person gave the key.</param>
/// <param name="Tenant">The tenant every row this caller touches belongs to.</param>
/// <param name="Team">The team spending is attributed to, if any.</param>
/// <param name="BoundUser">When set, the key speaks for this user only and may not name another.</param>
/// <param name="Scopes">See <see cref="Security.Scopes"/>.</param>
/// <param name="Agents">Agents the key may call; <c>*</c> means all.</param>
/// <param name="Tools">Tools the key may cause to run; <c>*</c> means all.</param>
/// <param name="Limits">Rate limits of the key.</param>
/// <param name="ExpiresAt">When the key ends; null: never.</param>
public sealed record Caller(
    string KeyId,
    string KeyName,
    string Tenant,
    string? Team,
    string? BoundUser,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Agents,
    IReadOnlyList<string> Tools,
    KeyLimits Limits,
    DateTimeOffset? ExpiresAt = null)
{
    /// <summary>True when the caller holds <paramref name="scope"/> or <see cref="Security.Scopes.Admin"/>.</summary>
    public bool Has(string scope) => Scopes.Contains(scope) || Scopes.Contains(Security.Scopes.Admin);

    /// <summary>True when the key's allow-list names <paramref name="agent"/>.</summary>
    public bool MayCall(string agent) => Allows(Agents, agent);

    /// <summary>True when the key's allow-list names <paramref name="tool"/>.</summary>
    public bool MayUse(string tool) => Allows(Tools, tool);

    private static bool Allows(IReadOnlyList<string> list, string name) => list.Contains("*") || list.Contains(name);
}
