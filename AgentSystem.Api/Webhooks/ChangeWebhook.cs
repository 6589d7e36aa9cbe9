using AgentSystem.Api.Http;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Webhooks;

/// <summary><c>POST /api/v1/webhooks/{id}/rotate</c>, <c>/enable</c>, and <c>DELETE /api/v1/webhooks/{id}</c>.</summary>
internal static class ChangeWebhook
{
    public static async Task<Results<Ok<CreatedWebhook>, FailureResult>> Rotate(
        string id, HttpContext http, IWebhookStore webhooks, WebhookSecrets secrets, TimeProvider time, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var (secret, kept) = await secrets.NewAsync(caller.Tenant, id, cancellation);
        return await webhooks.RotateAsync(ReadWebhooks.Scope(caller), id, kept, time.GetUtcNow(), cancellation) is { } rotated
            ? TypedResults.Ok(new CreatedWebhook(id, rotated.Webhook.Url, rotated.Webhook.Events, secret, rotated.Webhook.CreatedAt))
            : new FailureResult(AddWebhook.NotFound(id));
    }

    public static async Task<Results<Ok<WebhookView>, FailureResult>> Enable(string id, HttpContext http, IWebhookStore webhooks, CancellationToken cancellation) =>
        await webhooks.EnableAsync(ReadWebhooks.Scope(http.Caller()), id, cancellation) is { } webhook ? TypedResults.Ok(webhook) : new FailureResult(AddWebhook.NotFound(id));

    public static async Task<Results<NoContent, FailureResult>> Remove(string id, HttpContext http, IWebhookStore webhooks, CancellationToken cancellation) =>
        await webhooks.DeleteAsync(ReadWebhooks.Scope(http.Caller()), id, cancellation) ? TypedResults.NoContent() : new FailureResult(AddWebhook.NotFound(id));
}
