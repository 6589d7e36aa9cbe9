using AgentSystem.Api.Http.Idempotency;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Webhooks;

/// <summary>Routes of webhooks.</summary>
internal static class WebhooksEndpoints
{
    /// <summary>Maps <c>/api/v1/webhooks</c>.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks");
        webhooks.MapPost("/", AddWebhook.Handle).WithShownOnce("secret").WithName("CreateWebhook").WithSummary("Be told about runs")
            .WithDescription("Deliveries are signed by the rules of Standard Webhooks; the secret is shown this once. A key that is bound to a user is told of that user's runs.").RequireAuthorization(Scopes.RunsWrite);
        webhooks.MapGet("/", ReadWebhooks.List).WithName("ListWebhooks").WithSummary("Webhooks, the newest first").RequireAuthorization(Scopes.RunsRead);
        webhooks.MapGet("/{id}", ReadWebhooks.One).WithName("GetWebhook").WithSummary("One webhook").RequireAuthorization(Scopes.RunsRead);
        webhooks.MapGet("/{id}/deliveries", ReadWebhooks.Deliveries).WithName("ListWebhookDeliveries").WithSummary("What was sent to a webhook, the newest first").RequireAuthorization(Scopes.RunsRead);
        webhooks.MapPost("/{id}/rotate", ChangeWebhook.Rotate).WithShownOnce("secret").WithName("RotateWebhookSecret").WithSummary("Another secret")
            .WithDescription("For 24 hours deliveries are signed with the one before too.").RequireAuthorization(Scopes.RunsWrite);
        webhooks.MapPost("/{id}/enable", ChangeWebhook.Enable).WithName("EnableWebhook").WithSummary("Use a webhook again whose receiver had answered 410").RequireAuthorization(Scopes.RunsWrite);
        webhooks.MapDelete("/{id}", ChangeWebhook.Remove).WithName("DeleteWebhook").WithSummary("Remove a webhook and what is on its way to it").RequireAuthorization(Scopes.RunsWrite);
    }
}
