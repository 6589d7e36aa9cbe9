using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Usage;

/// <summary><c>GET /api/v1/usage/requests/{id}</c>: where one request's time, tokens and money went.</summary>
internal static class GetRequest
{
    public static async Task<Results<Ok<RequestUsage>, FailureResult>> Handle(string id, HttpContext http, IFactLog facts, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var usage = await facts.FindRequestAsync(caller.Tenant, id, cancellation);

        // A key may look up what it asked itself; everything else needs the scope.
        return usage is not null && (usage.KeyId == caller.KeyId || caller.Has(Scopes.UsageRead))
            ? TypedResults.Ok(usage)
            : new FailureResult(RunFailure.NotFound("request_not_found", $"There is no request \"{id}\".", "id"));
    }

    /// <summary>Maps it.</summary>
    public static void MapRequestUsage(this IEndpointRouteBuilder api) =>
        api.MapGet("/usage/requests/{id}", Handle).WithTags("Usage").WithName("GetRequestUsage").WithSummary("Where one request's time, tokens and money went").RequireAuthorization();
}
