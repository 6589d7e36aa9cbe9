using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Keys;

/// <summary><c>GET /api/v1/keys</c> and <c>/keys/{id}</c>: the tenant's keys, newest first, without their secrets.</summary>
internal static class ListKeys
{
    public static async Task<Results<Ok<ListPage<KeyView>>, FailureResult>> Handle(HttpContext http, IKeyStore keys, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        return page is null
            ? new FailureResult(failure!)
            : TypedResults.Ok(page.Page(await keys.PageAsync(http.Caller().Tenant, page.After, page.Limit + 1, cancellation), static key => key.Id));
    }

    public static async Task<Results<Ok<KeyView>, FailureResult>> HandleOne(string id, HttpContext http, IKeyStore keys, CancellationToken cancellation) =>
        (await keys.ListAsync(http.Caller().Tenant, cancellation)).FirstOrDefault(k => k.Id == id) is { } key
            ? TypedResults.Ok(key)
            : new FailureResult(NoSuchKey(id));

    /// <summary>Also the answer to a key of another tenant: its existence is nobody's business.</summary>
    public static RunFailure NoSuchKey(string id) => RunFailure.NotFound("key_not_found", $"There is no key \"{id}\".", "id");
}
