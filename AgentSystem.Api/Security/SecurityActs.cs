using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
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

    /// <summary>Null when the kind can be done to such a scope, and it is neither the very key that asks nor the address it asks from.</summary>
    public static RunFailure? RefuseKind(ContainmentKind kind, string scope, HttpContext http, string param)
    {
        var of = scope.Split(':')[0];
        if (scope.Length is 0 or > LongestId || scope.IndexOf(':', StringComparison.Ordinal) is var colon && (colon < 1 || colon == scope.Length - 1))
        {
            return RunFailure.Invalid("invalid_value", $"\"{param}\" must be \"key:ID\", \"user:NAME\", \"address:IP\" or \"agent:NAME\".", param);
        }

        var can = (kind, of) is (ContainmentKind.Throttle, "key" or "user" or "address") or (ContainmentKind.Quarantine, "key" or "user" or "address" or "agent") or (ContainmentKind.Kill, "agent");
        if (!can)
        {
            return RunFailure.Invalid("invalid_value", $"\"{kind.ToString().ToLowerInvariant()}\" cannot be done to \"{JsonPlace.Shorten(scope, LongestId)}\": keys, users and addresses are throttled or put in quarantine, agents put in quarantine or killed.", param);
        }

        if (of == "address")
        {
            return RefuseAddress(scope, http, param);
        }

        return kind == ContainmentKind.Quarantine && scope == ContainmentFailures.KeyScope(http.Caller().KeyId)
            ? new RunFailure(409, "invalid_request_error", "key_in_use", "A key cannot put itself in quarantine, because it could not lift that; use another key.", param)
            : null;
    }

    private static RunFailure? RefuseAddress(string scope, HttpContext http, string param) => CallerAddress.Normal(scope) switch
    {
        null => RunFailure.Invalid("invalid_value", $"\"{JsonPlace.Shorten(scope, LongestId)}\" names no address; write it as \"address:192.0.2.1\" or \"address:2001:db8::1\".", param),
        var address when address == CallerAddress.Name(http.Connection.RemoteIpAddress) =>
            new RunFailure(409, "invalid_request_error", "address_in_use", "This is the address the request comes from, from which it could not be lifted; behind a proxy, set ForwardedHeaders:TrustedProxies so that clients have addresses of their own.", param),
        _ => null,
    };
}
