namespace AgentSystem.Contracts.Security;

/// <summary>What is slowed down or stopped at the moment, and why: <c>/api/v1/security/containments</c>. In force in every process within five seconds, and until it is lifted or ends.</summary>
/// <param name="Id">What the paths name.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Scope">To whom: <c>key:ID</c>, <c>user:NAME</c>, <c>address:IP</c>, <c>agent:NAME</c>, <c>tenant</c> or <c>everything</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Version">Grows with every change.</param>
/// <param name="PlacedBy">Name of the key it was placed with, or <c>system</c>.</param>
/// <param name="PlacedAt">Since when.</param>
/// <param name="ExpiresAt">When it ends by itself; null: when it is lifted.</param>
/// <param name="IncidentId">The incident it was placed for.</param>
/// <param name="RequestsPerMinute">Requests a throttled scope may make per minute and process; null for other kinds.</param>
/// <param name="LiftedAt">When it was lifted; null while it was not.</param>
/// <param name="LiftedBy">Name of the key it was lifted with.</param>
public sealed record ContainmentView(
    string Id,
    ContainmentKind Kind,
    string Scope,
    string Reason,
    long Version,
    string PlacedBy,
    DateTimeOffset PlacedAt,
    DateTimeOffset? ExpiresAt = null,
    string? IncidentId = null,
    int? RequestsPerMinute = null,
    DateTimeOffset? LiftedAt = null,
    string? LiftedBy = null);

/// <summary>What is done to somebody or something.</summary>
public enum ContainmentKind
{
    /// <summary>Few requests a minute pass; the others are 429 <c>throttled</c>. For keys, users and addresses.</summary>
    Throttle,

    /// <summary>Every request of a key is 403 <c>key_quarantined</c>; what names an agent is 503 <c>agent_quarantined</c>, and what comes from an address 403 <c>address_quarantined</c>. What is under way is stopped, but for an address.</summary>
    Quarantine,

    /// <summary>The kill switch: no agent executes, and what is under way is stopped. For an agent, the tenant or everything.</summary>
    Kill,
}

/// <summary>Body of <c>POST /api/v1/security/containments</c>.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Scope"><c>key:ID</c>, <c>user:NAME</c>, <c>agent:NAME</c> or <c>address:IP</c> (of IPv6 its network of 64 bits). Tenant <c>default</c>'s hold for everybody who comes from the address, other tenants' for their own callers.</param>
/// <param name="Reason">1 to 500 characters, for people.</param>
/// <param name="Minutes">1 to 43200; absent: until it is lifted.</param>
public sealed record PlaceContainment(ContainmentKind Kind, string Scope, string Reason, int? Minutes = null);

/// <summary>Body of <c>POST /api/v1/security/kill-switch</c>.</summary>
/// <param name="Scope"><c>tenant</c> (the caller's), <c>agent:NAME</c>, or <c>everything</c>, which only the platform's own administrators may stop.</param>
/// <param name="Reason">1 to 500 characters, for people.</param>
public sealed record PullKillSwitch(string Scope, string Reason);
