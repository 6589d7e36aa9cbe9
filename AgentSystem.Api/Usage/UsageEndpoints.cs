using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Usage;

/// <summary>Routes of what was spent.</summary>
internal static class UsageEndpoints
{
    /// <summary>Maps <c>/api/v1/usage</c>.</summary>
    public static void MapUsage(this IEndpointRouteBuilder api)
    {
        api.MapGet("/usage", ReportUsage.Handle).WithTags("Usage").WithName("GetUsage").WithSummary("What model calls came to")
            .WithDescription("From `?from=` (absent: the first of this month) up to `?to=` (absent: now), RFC 3339 times or days. `?group_by=` takes any of day, agent, model, key, team, user and tenant, with commas between. `?limit=` and `?cursor=` page.")
            .RequireAuthorization(Scopes.UsageRead);
        api.MapRequestUsage();
    }
}
