using System.Collections.Concurrent;
using AgentSystem.Contracts.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Two webhooks: one that works, with three messages, and one whose receiver said that it is gone.</summary>
internal sealed class ScriptedWebhooks
{
    public const string Works = "whk_works", Gone = "whk_gone";

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, WebhookView> _webhooks = new();
    private readonly WebhookDelivery[] _deliveries;

    public ScriptedWebhooks(TimeProvider time)
    {
        _time = time;
        var at = time.GetUtcNow().AddMinutes(-5);
        _webhooks[Works] = new WebhookView(Works, "https://example.com/hook", WebhookEvents.All, "the <b>ledger</b>", null, at);
        _webhooks[Gone] = new WebhookView(Gone, "https://example.com/gone", [WebhookEvents.Finished], null, "The receiver answered 410: it wants no more.", at);
        WebhookDelivery Delivery(string id, string state, int attempts, DateTimeOffset? due, int? status, string? error) =>
            new(id, Works, ScriptedRuns.Done, WebhookEvents.Finished, "https://example.com/hook", state, attempts, due, status, error, at, null);
        _deliveries = [Delivery("msg_3", "pending", 2, at.AddHours(1), 503, "The receiver answered 503."), Delivery("msg_2", "delivered", 1, null, 204, null), Delivery("msg_1", "dead", 10, null, null, "Nobody listened.")];
    }

    /// <summary>What was made.</summary>
    public ConcurrentQueue<CreateWebhook> Made { get; } = new();

    public WebhookView? Find(string id) => _webhooks.GetValueOrDefault(id);

    public void Clear() => _webhooks.Clear();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/webhooks", (HttpRequest request) => ScriptedPages.Of(request, _webhooks.Values.OrderBy(static webhook => webhook.Id, StringComparer.Ordinal)));
        routes.MapPost("/api/v1/webhooks", (CreateWebhook body) =>
        {
            if (!body.Url.StartsWith("https://", StringComparison.Ordinal))
            {
                return ScriptedApi.Problem(400, "invalid_value", "\"url\" must be an https address.");
            }

            Made.Enqueue(body);
            _webhooks["whk_new"] = new WebhookView("whk_new", body.Url, body.Events ?? WebhookEvents.All, body.Description, null, _time.GetUtcNow());
            return ScriptedPages.Json(new CreatedWebhook("whk_new", body.Url, body.Events ?? WebhookEvents.All, "whsec_first", _time.GetUtcNow()), 201);
        });
        routes.MapGet("/api/v1/webhooks/{id}", (string id) => With(id, static webhook => ScriptedPages.Json(webhook)));
        routes.MapGet("/api/v1/webhooks/{id}/deliveries", (string id, HttpRequest request) => ScriptedPages.Of(request, _deliveries.Where(delivery => delivery.WebhookId == id)));
        routes.MapPost("/api/v1/webhooks/{id}/rotate", (string id) => With(id, webhook => ScriptedPages.Json(new CreatedWebhook(id, webhook.Url, webhook.Events, "whsec_second", webhook.CreatedAt))));
        routes.MapPost("/api/v1/webhooks/{id}/enable", (string id) => With(id, webhook => ScriptedPages.Json(_webhooks[id] = webhook with { DisabledReason = null })));
        routes.MapDelete("/api/v1/webhooks/{id}", (string id) => _webhooks.TryRemove(id, out _) ? Results.NoContent() : NotFound(id));
    }

    private IResult With(string id, Func<WebhookView, IResult> answer) => _webhooks.TryGetValue(id, out var webhook) ? answer(webhook) : NotFound(id);

    private static IResult NotFound(string id) => ScriptedApi.Problem(404, "webhook_not_found", $"There is no webhook \"{id}\".");
}
