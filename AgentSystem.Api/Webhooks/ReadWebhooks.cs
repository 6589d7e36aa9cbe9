using AgentSystem.Api.Http;
using AgentSystem.Api.Runs;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Webhooks;

/// <summary><c>GET /api/v1/webhooks</c>, <c>/{id}</c> and <c>/{id}/deliveries</c>.</summary>
internal static class ReadWebhooks
{
    public static async Task<Results<Ok<ListPage<WebhookView>>, FailureResult>> List(HttpContext http, IWebhookStore webhooks, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        return failure is not null
            ? new FailureResult(failure)
            : TypedResults.Ok(page!.Page(await webhooks.ListAsync(Scope(http.Caller()), page.After, page.Limit + 1, cancellation), static webhook => webhook.Id));
    }

    public static async Task<Results<Ok<WebhookView>, FailureResult>> One(string id, HttpContext http, IWebhookStore webhooks, CancellationToken cancellation) =>
        await webhooks.FindAsync(Scope(http.Caller()), id, cancellation) is { } webhook ? TypedResults.Ok(webhook) : new FailureResult(AddWebhook.NotFound(id));

    public static async Task<Results<Ok<ListPage<WebhookDelivery>>, FailureResult>> Deliveries(
        string id, HttpContext http, IWebhookStore webhooks, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        return await webhooks.DeliveriesAsync(Scope(http.Caller()), id, page!.After, page.Limit + 1, cancellation) is { } deliveries
            ? TypedResults.Ok(page.Page(deliveries, static delivery => delivery.Id))
            : new FailureResult(AddWebhook.NotFound(id));
    }

    /// <summary>Which webhooks a key meets: as with runs.</summary>
    public static WebhookScope Scope(Caller caller) => new(caller.Tenant, RunAccess.User(caller));
}
