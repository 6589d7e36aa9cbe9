using System.Diagnostics.CodeAnalysis;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Something an auditor wants to know. Free text in it is cleaned of secrets, personal data and control characters before it is hashed.</summary>
/// <param name="Tenant">Whose event it is.</param>
/// <param name="Actor">Who: <c>key:ID</c>, <c>subject:NAME</c> (single sign-on), <c>address:IP</c> (nobody known) or <c>system</c>.</param>
/// <param name="Action">What, in a noun and a verb: <c>key.make</c>, <c>agent.activate</c>, <c>request.authenticate</c>, <c>input.screen</c>, <c>incident.contain</c>.</param>
/// <param name="Object">On what, e.g. <c>agent:assistant</c>; empty where there is none.</param>
/// <param name="Decision">What became of it.</param>
/// <param name="RequestId">The request's <c>x-request-id</c>, where there is one.</param>
/// <param name="Details">Names and short values; never a prompt, an answer or a secret.</param>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "What an act is done to is its object, in every audit log there is.")]
public sealed record AuditEvent(
    string Tenant, string Actor, string Action, string Object, AuditDecision Decision, string? RequestId = null, IReadOnlyDictionary<string, string>? Details = null);

/// <summary>What became of an audited act.</summary>
public enum AuditDecision
{
    /// <summary>It was permitted.</summary>
    Allowed,

    /// <summary>It was permitted, and what was found is watched.</summary>
    AllowedWithMonitoring,

    /// <summary>It was refused.</summary>
    Denied,

    /// <summary>It was permitted and then failed.</summary>
    Failed,
}
