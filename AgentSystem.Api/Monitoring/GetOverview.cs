using AgentSystem.Api.Http;
using AgentSystem.Contracts.Monitoring;
using AgentSystem.Contracts.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Monitoring;

/// <summary><c>GET /api/v1/monitoring/overview</c>.</summary>
internal static class GetOverview
{
    public static async Task<Ok<Overview>> Handle(HttpContext http, OverviewReader overview, CancellationToken cancellation) =>
        TypedResults.Ok(await overview.ReadAsync(http.Caller().Tenant, cancellation));

    /// <summary>Maps it.</summary>
    public static void MapMonitoring(this IEndpointRouteBuilder api) =>
        api.MapGet("/monitoring/overview", Handle).WithTags("Monitoring").WithName("GetOverview").WithSummary("The last hour at a glance").RequireAuthorization(Scopes.UsageRead);
}
