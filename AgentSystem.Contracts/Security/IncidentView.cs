namespace AgentSystem.Contracts.Security;

/// <summary>An incident as <c>/api/v1/security/incidents</c> shows it. While it is not resolved, everything of its kind about its subject is added to it.</summary>
/// <param name="Id">What the paths name.</param>
/// <param name="Kind">See <see cref="IncidentKinds"/>.</param>
/// <param name="Subject">Whom it is about: <c>key:ID</c>, <c>user:NAME</c>, <c>agent:NAME</c> or <c>address:IP</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Status">How far it is dealt with.</param>
/// <param name="Summary">What was seen, in one sentence.</param>
/// <param name="Reports">How often it was reported, at least 1.</param>
/// <param name="OpenedAt">When it was reported first.</param>
/// <param name="LastAt">When it was reported last.</param>
/// <param name="Containments">Ids of the containments that were placed for it.</param>
/// <param name="ResolvedAt">When it was resolved; null while it is not.</param>
/// <param name="ResolvedBy">Name of the key it was resolved with.</param>
/// <param name="Note">What whoever resolved it wrote.</param>
public sealed record IncidentView(
    string Id,
    string Kind,
    string Subject,
    ScreenSeverity Severity,
    IncidentStatus Status,
    string Summary,
    int Reports,
    DateTimeOffset OpenedAt,
    DateTimeOffset LastAt,
    IReadOnlyList<string> Containments,
    DateTimeOffset? ResolvedAt = null,
    string? ResolvedBy = null,
    string? Note = null);

/// <summary>How far an incident is dealt with.</summary>
public enum IncidentStatus
{
    /// <summary>Nobody has done anything about it.</summary>
    Open,

    /// <summary>Its subject is slowed down or stopped.</summary>
    Contained,

    /// <summary>Done with; what is seen from now on opens another one.</summary>
    Resolved,
}

/// <summary>The kinds of incidents.</summary>
public static class IncidentKinds
{
    /// <summary>A single input was certainly an attack.</summary>
    public const string HighThreat = "high_threat";

    /// <summary>Inputs were refused again and again.</summary>
    public const string RepeatedBlocks = "repeated_blocks";

    /// <summary>Many different things were asked for that are not there, or not for the caller.</summary>
    public const string Scanning = "scanning";

    /// <summary>Many different wrong credentials came from one address.</summary>
    public const string CredentialGuessing = "credential_guessing";

    /// <summary>Most requests of the caller fail.</summary>
    public const string Failures = "failures";

    /// <summary>The caller goes on asking at a limit that refuses it.</summary>
    public const string Hammering = "hammering";

    /// <summary>Far more requests than the caller is used to make.</summary>
    public const string RateJump = "rate_jump";

    /// <summary>Far more money than the caller is used to spend.</summary>
    public const string CostJump = "cost_jump";

    /// <summary>The canary of a system prompt was seen where it must never be.</summary>
    public const string CanarySeen = "canary_seen";

    /// <summary>A secret that an agent was given, in its instructions or by a tool, was about to leave: in an answer, in the arguments of a call, or in a webhook's message.</summary>
    public const string SecretLeaked = "secret_leaked";

    /// <summary>A request or text matches an imported indicator that is held for certain.</summary>
    public const string ListedIndicator = "listed_indicator";
}

/// <summary>Body of <c>POST /api/v1/security/incidents/{id}/contain</c>.</summary>
/// <param name="Action">What is done to the incident's subject.</param>
/// <param name="Minutes">1 to 43200; absent: until it is lifted.</param>
public sealed record ContainIncident(ContainmentKind Action, int? Minutes = null);

/// <summary>Body of <c>POST /api/v1/security/incidents/{id}/resolve</c>.</summary>
/// <param name="Note">At most 2,000 characters.</param>
/// <param name="Lift">True, or absent: containments that were placed for it are lifted.</param>
public sealed record ResolveIncident(string? Note = null, bool? Lift = null);

/// <summary>Everything kept about an incident, to be given to whoever must judge it. Never a text.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Reports">The newest reports, the latest first, at most 50.</param>
/// <param name="Inputs">Flagged inputs of its subject within a day around it.</param>
/// <param name="Containments">Containments that were placed for it, lifted ones too.</param>
/// <param name="Audit">What the audit log has of its subject within a day around it, what it did and what was done to it, the newest first, at most 200 of each.</param>
/// <param name="CollectedAt">When this was put together.</param>
public sealed record IncidentEvidence(
    IncidentView Incident,
    IReadOnlyList<IncidentReportView> Reports,
    IReadOnlyList<FlaggedInput> Inputs,
    IReadOnlyList<ContainmentView> Containments,
    IReadOnlyList<AuditReference> Audit,
    DateTimeOffset CollectedAt);

/// <summary>An entry of the audit log, named so that nobody can put another in its place.</summary>
/// <param name="Id">Its id: <c>GET /api/v1/security/audit/{id}</c> gives it with its proof.</param>
/// <param name="Hash">Its hash in the chain, SHA-256, hexadecimal.</param>
/// <param name="At">When it happened.</param>
/// <param name="Action">What, a noun and a verb.</param>
/// <param name="Decision">What became of it.</param>
public sealed record AuditReference(string Id, string Hash, DateTimeOffset At, string Action, string Decision);

/// <summary>One report to an incident.</summary>
/// <param name="At">When.</param>
/// <param name="Summary">What was seen.</param>
/// <param name="RequestId">The request it was seen in; null where it is not about one.</param>
/// <param name="Figures">Counters behind it, by name.</param>
public sealed record IncidentReportView(DateTimeOffset At, string Summary, string? RequestId, IReadOnlyDictionary<string, double> Figures);
