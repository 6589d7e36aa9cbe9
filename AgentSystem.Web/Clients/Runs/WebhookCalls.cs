using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Webhooks;

namespace AgentSystem.Web.Clients.Runs;

/// <summary>Who is told about runs, and what was sent to them.</summary>
internal sealed class WebhookCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/webhooks";

    public Task<ApiResult<ListPage<WebhookView>>> ListAsync(string? cursor, CancellationToken cancellation) => transport.GetAsync<ListPage<WebhookView>>(ApiCall.With(Root, ("cursor", cursor)), cancellation);

    public Task<ApiResult<WebhookView>> FindAsync(string id, CancellationToken cancellation) => transport.GetAsync<WebhookView>(PathOf(id), cancellation);

    public Task<ApiResult<ListPage<WebhookDelivery>>> DeliveriesAsync(string id, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<WebhookDelivery>>(ApiCall.With($"{PathOf(id)}/deliveries", ("cursor", cursor)), cancellation);

    public Task<ApiResult<CreatedWebhook>> CreateAsync(CreateWebhook webhook, CancellationToken cancellation) => transport.PostAsync<CreatedWebhook>(Root, webhook, cancellation);

    /// <summary>Gives it another secret; for a day messages are signed with the one before too.</summary>
    public Task<ApiResult<CreatedWebhook>> RotateAsync(string id, CancellationToken cancellation) => transport.PostAsync<CreatedWebhook>($"{PathOf(id)}/rotate", null, cancellation);

    /// <summary>Sends to it again, after its receiver had said that it is gone.</summary>
    public Task<ApiResult<WebhookView>> EnableAsync(string id, CancellationToken cancellation) => transport.PostAsync<WebhookView>($"{PathOf(id)}/enable", null, cancellation);

    public Task<ApiFailure?> DeleteAsync(string id, CancellationToken cancellation) => transport.DeleteAsync(PathOf(id), cancellation);

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
