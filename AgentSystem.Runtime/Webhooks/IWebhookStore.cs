using AgentSystem.Contracts.Webhooks;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>Where webhooks are kept. What is outside a <see cref="WebhookScope"/> does not exist for it.</summary>
public interface IWebhookStore
{
    /// <summary>Keeps a webhook; null when the tenant has <paramref name="most"/> already.</summary>
    Task<WebhookView?> AddAsync(NewWebhook webhook, int most, CancellationToken cancellation);

    /// <summary>The webhook, or null.</summary>
    Task<WebhookView?> FindAsync(WebhookScope scope, string id, CancellationToken cancellation);

    /// <summary>Webhooks, the newest first.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="after">Id of the last one already shown.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<WebhookView>> ListAsync(WebhookScope scope, string? after, int limit, CancellationToken cancellation);

    /// <summary>Removes a webhook and what was on its way to it; false when there is none.</summary>
    Task<bool> DeleteAsync(WebhookScope scope, string id, CancellationToken cancellation);

    /// <summary>Gives it its next secret; for <see cref="WebhookSender.BothSecrets"/> deliveries are signed with the one before too. Null when there is none.</summary>
    Task<RotatedWebhook?> RotateAsync(WebhookScope scope, string id, byte[] secret, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Lets it be told again; null when there is none.</summary>
    Task<WebhookView?> EnableAsync(WebhookScope scope, string id, CancellationToken cancellation);

    /// <summary>What was sent to it, the newest first; null when there is no such webhook.</summary>
    Task<IReadOnlyList<WebhookDelivery>?> DeliveriesAsync(WebhookScope scope, string id, string? after, int limit, CancellationToken cancellation);
}

/// <summary>Whose webhooks.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">A user as runs name it; null: everybody's of the tenant.</param>
public sealed record WebhookScope(string Tenant, string? User);

/// <summary>A webhook to keep.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">It is told of this user's runs only; null: of all.</param>
/// <param name="Url">Where to.</param>
/// <param name="Events">Some of <see cref="WebhookEvents"/>.</param>
/// <param name="Description">For people.</param>
/// <param name="At">Now.</param>
/// <param name="Id">See <see cref="NewId"/>.</param>
/// <param name="Secret">Sealed, see <see cref="WebhookSecrets.NewAsync"/>.</param>
public sealed record NewWebhook(string Tenant, string? User, string Url, IReadOnlyList<string> Events, string? Description, DateTimeOffset At, string Id, byte[] Secret)
{
    /// <summary>An id nobody else has; ids are made of the time, so that their order is that of their making.</summary>
    public static string NewId(DateTimeOffset at) => $"wh_{Guid.CreateVersion7(at):N}";
}

/// <summary>A webhook with another secret.</summary>
/// <param name="Version">The new version.</param>
public sealed record RotatedWebhook(WebhookView Webhook, int Version);
