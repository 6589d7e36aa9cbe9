using AgentSystem.Api.Http;
using AgentSystem.Contracts.Platform;
using AgentSystem.Contracts.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Platform;

/// <summary><c>GET /api/v1/system</c>: what runs here, in which world, on which stores, with which settings.</summary>
internal static class GetSystem
{
    public static async Task<Ok<SystemView>> Handle(SystemReader system, CancellationToken cancellation) => TypedResults.Ok(await system.ReadAsync(cancellation));

    /// <summary>Maps it.</summary>
    public static void MapPlatformSystem(this IEndpointRouteBuilder api) =>
        api.MapGet("/system", Handle).WithTags("System").WithName("GetSystem").WithSummary("What runs here, and with which settings").RequireAuthorization(Scopes.Admin).RequirePlatformOwner();
}
