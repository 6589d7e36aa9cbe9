using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Limits;

/// <summary>Routes of rate limits.</summary>
internal static class LimitsEndpoints
{
    /// <summary>Maps <c>/api/v1/limits</c>.</summary>
    public static void MapLimits(this IEndpointRouteBuilder api) =>
        api.MapGet("/limits", ListLimits.Handle).WithTags("Limits").WithName("ListLimits").WithSummary("Rate limits and how far they are used")
            .WithDescription("Models that have a limit, and the tenant's keys that can still be used, counted by the process that answers. `?limit=` and `?cursor=` page.")
            .RequireAuthorization(Scopes.Admin);
}
