using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Security;

/// <summary><c>POST /api/v1/security/containments</c>.</summary>
internal static class MakeContainment
{
    public static async Task<Results<Created<ContainmentView>, FailureResult>> Handle(
        PlaceContainment body, HttpContext http, IContainments containments, [AsParameters] ScopeStores stores, IOptions<ThreatsOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if ((SecurityActs.Refuse(body.Reason, body.Minutes) ?? RefuseKill(body.Kind) ?? SecurityActs.RefuseKind(body.Kind, body.Scope, http, "scope")
            ?? await stores.Checks.RefuseAsync(body.Scope, caller.Tenant, cancellation)) is { } refused)
        {
            return new FailureResult(refused);
        }

        var now = time.GetUtcNow();
        var wanted = new NewContainment(
            caller.Tenant, body.Kind, CallerAddress.Normal(body.Scope) ?? body.Scope, body.Reason, caller.KeyName, now, body.Minutes is { } minutes ? now.AddMinutes(minutes) : null,
            body.Kind == ContainmentKind.Throttle ? options.Value.ThrottledRequestsPerMinute : null);
        return SecurityActs.Placed(await containments.PlaceAsync(wanted, SecurityActs.Acting(http), cancellation));
    }

    private static RunFailure? RefuseKill(ContainmentKind kind) =>
        kind == ContainmentKind.Kill ? RunFailure.Invalid("invalid_value", "\"kill\" is the kill switch's: POST /api/v1/security/kill-switch.", "kind") : null;
}

/// <summary>Where it is looked up whether a scope names something.</summary>
internal readonly record struct ScopeStores(IKeyStore Keys, IAgentStore Agents, IModelDirectory Models)
{
    public ScopeChecks Checks => new(Keys, Agents, Models);
}
