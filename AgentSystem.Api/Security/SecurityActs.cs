using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary>What acts about security have in common: who acts, and what is answered when the act could not be recorded.</summary>
internal static class SecurityActs
{
    private const int MostMinutes = 43_200, LongestReason = 500, LongestId = 200;

    private static RunFailure Unaudited { get; } = new(
        503, "server_error", "audit_unavailable", "The audit log cannot be written at the moment, so nothing was done; try again shortly.", RetryAfter: TimeSpan.FromSeconds(5));

    /// <summary>The caller, as acts are recorded.</summary>
    public static ActingFor Acting(HttpContext http)
    {
        var caller = http.Caller();
        return new ActingFor(caller.Tenant, AuditActor.Of(caller), caller.KeyName, http.TraceIdentifier);
    }

    /// <summary>What was decided, or why not.</summary>
    public static Results<Ok<T>, FailureResult> Answer<T>(Decided<T> decided, RunFailure missing)
        where T : class =>
        !decided.IsAudited ? new FailureResult(Unaudited) : decided.Value is { } value ? TypedResults.Ok(value) : new FailureResult(missing);

    /// <summary>Where a containment was placed, or why not.</summary>
    public static Results<Created<ContainmentView>, FailureResult> Placed(Decided<ContainmentView> decided) =>
        decided is { IsAudited: true, Value: { } placed } ? TypedResults.Created("/api/v1/security/containments/" + placed.Id, placed) : new FailureResult(Unaudited);

    /// <summary>Null when the reason and the time can be kept.</summary>
    public static RunFailure? Refuse(string? reason, int? minutes) => (reason, minutes) switch
    {
        ({ Length: 0 or > LongestReason }, _) => RunFailure.Invalid("invalid_value", $"\"reason\" must have 1 to {LongestReason} characters.", "reason"),
        (_, < 1 or > MostMinutes) => RunFailure.Invalid("invalid_value", $"\"minutes\" must be from 1 to {MostMinutes}, 30 days; leave it out to contain until it is lifted.", "minutes"),
        _ => null,
    };

    /// <summary>Null when the kind can be done to such a scope, and it is not the very key that asks.</summary>
    public static RunFailure? RefuseKind(ContainmentKind kind, string scope, Caller caller, string param)
    {
        var of = scope.Split(':')[0];
        if (scope.Length is 0 or > LongestId || scope.IndexOf(':', StringComparison.Ordinal) is var colon && (colon < 1 || colon == scope.Length - 1))
        {
            return RunFailure.Invalid("invalid_value", $"\"{param}\" must be \"key:ID\", \"user:NAME\" or \"agent:NAME\".", param);
        }

        var can = (kind, of) is (ContainmentKind.Throttle, "key" or "user") or (ContainmentKind.Quarantine, "key" or "user" or "agent") or (ContainmentKind.Kill, "agent");
        if (!can)
        {
            return RunFailure.Invalid("invalid_value", $"\"{kind.ToString().ToLowerInvariant()}\" cannot be done to \"{JsonPlace.Shorten(scope, LongestId)}\": keys and users are throttled or put in quarantine, agents put in quarantine or killed.", param);
        }

        return kind == ContainmentKind.Quarantine && scope == ContainmentFailures.KeyScope(caller.KeyId)
            ? new RunFailure(409, "invalid_request_error", "key_in_use", "A key cannot put itself in quarantine, because it could not lift that; use another key.", param)
            : null;
    }
}
