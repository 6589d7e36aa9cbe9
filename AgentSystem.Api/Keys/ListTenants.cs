using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Keys;

/// <summary><c>GET /api/v1/tenants</c> and <c>/teams</c>: who owns what. A key sees its own tenant.</summary>
internal static class ListTenants
{
    public static async Task<ListPage<TenantView>> Handle(HttpContext http, ITenantStore tenants, CancellationToken cancellation) =>
        new(await tenants.FindAsync(http.Caller().Tenant, cancellation) is { } tenant ? [tenant] : []);

    public static async Task<ListPage<TeamView>> HandleTeams(HttpContext http, ITenantStore tenants, CancellationToken cancellation) =>
        new(await tenants.TeamsAsync(http.Caller().Tenant, cancellation));

    /// <summary>Maps both.</summary>
    public static void MapTenants(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tenants", Handle).WithTags("Tenants").WithName("ListTenants").WithSummary("The caller's tenant, with what it owns").RequireAuthorization(Scopes.BudgetsRead);
        api.MapGet("/teams", HandleTeams).WithTags("Tenants").WithName("ListTeams").WithSummary("The tenant's teams: those its keys name").RequireAuthorization(Scopes.BudgetsRead);
    }
}
