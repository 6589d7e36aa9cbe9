using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Identity;

/// <summary><c>GET /api/v1/me</c>: who the API takes the caller for, by key or token.</summary>
internal static class WhoAmI
{
    public static IdentityView Handle(HttpContext http)
    {
        var caller = http.Caller();
        return new IdentityView(caller.KeyId, caller.KeyName, caller.Tenant, caller.Team, caller.BoundUser, caller.Scopes, caller.Agents, caller.Tools, caller.ExpiresAt);
    }

    /// <summary>Maps it; whoever is let in at all may ask.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder api) =>
        api.MapGet("/me", Handle).WithTags("Keys").WithName("GetMe").WithSummary("Who is asking, and what they may do").RequireAuthorization();
}
