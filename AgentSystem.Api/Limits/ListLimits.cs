using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Limits;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Limits;

/// <summary><c>GET /api/v1/limits</c>.</summary>
internal static class ListLimits
{
    public static async Task<Results<Ok<ListPage<LimitView>>, FailureResult>> Handle(
        HttpContext http, IKeyStore keys, KeyLimiter limiter, IModelDirectory models, ModelResilience resilience, TimeProvider time, CancellationToken cancellation)
    {
        var (page, refused) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(refused!);
        }

        var now = time.GetUtcNow();
        var rows = models.Models.Where(static model => model.Limits is not (null or { RequestsPerMinute: null, TokensPerMinute: null, Concurrency: null })).Select(model => OfModel(model, resilience.Use(model.Name)))
            .Concat((await keys.ListAsync(http.Caller().Tenant, cancellation)).Where(key => IsAlive(key, now)).Select(key => OfKey(key, limiter.Use(key.Id))))
            .OrderBy(static row => row.Scope, StringComparer.Ordinal)
            .Where(row => page.After is null || string.CompareOrdinal(row.Scope, page.After) > 0)
            .Take(page.Limit + 1);
        return TypedResults.Ok(page.Page<LimitView>([.. rows], static row => row.Scope));
    }

    private static bool IsAlive(KeyView key, DateTimeOffset now) => key.RevokedAt is null && !(key.ExpiresAt <= now);

    private static LimitView OfKey(KeyView key, LimitUse used) =>
        new($"key:{key.Id}", key.Name, key.Limits.RequestsPerMinute, key.Limits.TokensPerMinute, key.Limits.Concurrency, Rounded(used));

    private static LimitView OfModel(ModelView model, LimitUse used) =>
        new($"model:{model.Name}", model.Name, model.Limits!.RequestsPerMinute, model.Limits.TokensPerMinute, model.Limits.Concurrency, Rounded(used));

    private static LimitUse Rounded(LimitUse used) => used with { Requests = Math.Round(used.Requests, 1), Tokens = Math.Round(used.Tokens, 1) };
}
