using AgentSystem.Api.Http;
using AgentSystem.Contracts.Platform;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Cache;

/// <summary><c>DELETE /api/v1/cache</c>: every kept answer of the caller's tenant is forgotten, in all processes that share the store.</summary>
internal static class ClearCache
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    public static async Task<Results<Ok<CacheCleared>, FailureResult>> Handle(HttpContext http, AnswerCache cache, CancellationToken cancellation) =>
        await cache.ClearAsync(http.Caller().Tenant, cancellation) is { } removed
            ? TypedResults.Ok(new CacheCleared(removed))
            : new FailureResult(new RunFailure(503, "server_error", "cache_unavailable", "The cache does not answer, so nothing can be said about what it holds; try again when Redis is back.", RetryAfter: Retry));

    /// <summary>Maps it.</summary>
    public static void MapCache(this IEndpointRouteBuilder api) =>
        api.MapDelete("/cache", Handle).WithTags("Cache").WithName("ClearCache").WithSummary("Forget every kept answer of the tenant").RequireAuthorization(Scopes.Admin);
}
