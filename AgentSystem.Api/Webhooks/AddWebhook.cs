using AgentSystem.Api.Http;
using AgentSystem.Api.Runs;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Webhooks;

/// <summary><c>POST /api/v1/webhooks</c>: the answer is the only one that shows the secret.</summary>
internal static class AddWebhook
{
    private const int LongestDescription = 200;

    public static async Task<Results<Created<CreatedWebhook>, FailureResult>> Handle(
        CreateWebhook body, HttpContext http, IWebhookStore webhooks, WebhookSecrets secrets, EgressRule egress, IOptions<WebhookOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var events = body.Events ?? WebhookEvents.All;
        if (Refuse(body, events, egress) is { } refused)
        {
            return new FailureResult(refused);
        }

        var most = options.Value.MaxPerTenant;
        var now = time.GetUtcNow();
        var id = NewWebhook.NewId(now);
        var (secret, kept) = await secrets.NewAsync(caller.Tenant, id, cancellation);
        var made = await webhooks.AddAsync(new NewWebhook(caller.Tenant, RunAccess.User(caller), body.Url, [.. events.Distinct()], body.Description?.Trim(), now, id, kept), most, cancellation);
        return made is null
            ? new FailureResult(new RunFailure(409, "invalid_request_error", "too_many_webhooks", $"The tenant has {most} webhooks, which is all it may have (Webhooks:MaxPerTenant); delete one first."))
            : TypedResults.Created($"/api/v1/webhooks/{made.Id}", new CreatedWebhook(made.Id, made.Url, made.Events, secret, made.CreatedAt));
    }

    /// <summary>Also the answer to another tenant's webhook and to another user's.</summary>
    public static RunFailure NotFound(string id) => RunFailure.NotFound("webhook_not_found", $"There is no webhook \"{id}\".", "id");

    private static RunFailure? Refuse(CreateWebhook body, IReadOnlyList<string> events, EgressRule egress)
    {
        if (egress.Problem(body.Url) is { } problem)
        {
            return RunFailure.Invalid("invalid_value", $"\"url\" must be {problem}.", "url");
        }

        if (events.Count == 0 || events.Any(static name => !WebhookEvents.All.Contains(name)))
        {
            return RunFailure.Invalid("invalid_value", $"\"events\" must name some of {string.Join(", ", WebhookEvents.All)}; leave it out for all.", "events");
        }

        return body.Description?.Length > LongestDescription ? RunFailure.Invalid("invalid_value", $"\"description\" must have at most {LongestDescription} characters.", "description") : null;
    }
}
