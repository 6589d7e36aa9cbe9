using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>POST /api/v1/security/kill-switch</c>: within five seconds nothing of the scope executes in any process. Pulling it twice gives the same containment back.</summary>
internal static class StopAgents
{
    public static async Task<Results<Created<ContainmentView>, FailureResult>> Handle(
        PullKillSwitch body, HttpContext http, IContainments containments, IKeyStore keys, IAgentStore agents, IModelDirectory models, TimeProvider time, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if ((SecurityActs.Refuse(body.Reason, null) ?? await RefuseAsync(body.Scope, http, new ScopeChecks(keys, agents, models), cancellation)) is { } refused)
        {
            return new FailureResult(refused);
        }

        var kill = new NewContainment(caller.Tenant, ContainmentKind.Kill, body.Scope, body.Reason, caller.KeyName, time.GetUtcNow());
        return SecurityActs.Placed(await containments.PlaceAsync(kill, SecurityActs.Acting(http), cancellation));
    }

    private static async Task<RunFailure?> RefuseAsync(string scope, HttpContext http, ScopeChecks checks, CancellationToken cancellation) => scope switch
    {
        ContainmentSet.WholeTenant => null,
        ContainmentSet.Everything => http.Caller().Tenant == Tenants.Default
            ? null
            : RunFailure.Forbidden("platform_owner_only", $"This concerns every tenant; only an administrator of tenant \"{Tenants.Default}\" may do it.", "scope"),
        _ when scope.StartsWith("agent:", StringComparison.Ordinal) => SecurityActs.RefuseKind(ContainmentKind.Kill, scope, http, "scope") ?? await checks.RefuseAsync(scope, http.Caller().Tenant, cancellation),
        _ => RunFailure.Invalid("invalid_value", "\"scope\" must be \"tenant\", \"agent:NAME\" or \"everything\".", "scope"),
    };
}
