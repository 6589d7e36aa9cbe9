using AgentSystem.Contracts.DeadLetters;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>Messages on their way. They come into it with the change they tell about, in the same transaction: none is forgotten, whatever ends a process.</summary>
public interface IWebhookOutbox
{
    /// <summary>Takes messages that are due, of all tenants, none more than a few from each; whoever does not finish one within <paramref name="lease"/> loses it to another.</summary>
    Task<IReadOnlyList<DueDelivery>> ClaimAsync(DateTimeOffset now, TimeSpan lease, int most, CancellationToken cancellation);

    /// <summary>Says how an attempt ended; false when it was not this attempt's to say any more.</summary>
    Task<bool> FinishAsync(DueDelivery delivery, DeliveryOutcome outcome, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Messages that were given up, the newest first.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="before">Only those given up before this one: its time and id.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<DeadLetterView>> DeadAsync(WebhookScope scope, (DateTimeOffset DiedAt, string Id)? before, int limit, CancellationToken cancellation);

    /// <summary>Tries one that was given up anew, from the first attempt; false when there is none.</summary>
    Task<bool> RetryAsync(WebhookScope scope, string id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Puts one that was given up away for good; false when there is none.</summary>
    Task<bool> DiscardAsync(WebhookScope scope, string id, CancellationToken cancellation);

    /// <summary>Deletes messages of all tenants that arrived, or were put away, before a moment; at most <paramref name="most"/>. Gives how many.</summary>
    Task<int> ForgetAsync(DateTimeOffset before, int most, CancellationToken cancellation);
}

/// <summary>A message that is to be sent now.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Id">The <c>webhook-id</c>.</param>
/// <param name="WebhookId">Null: the webhook of the run itself.</param>
/// <param name="RunId">What it tells about.</param>
/// <param name="Url">Where to.</param>
/// <param name="Event">What happened.</param>
/// <param name="RunStatus">Where the run stood then.</param>
/// <param name="Attempt">Starts at 1.</param>
/// <param name="HappenedAt">When it happened.</param>
/// <param name="SecretVersion">Of a registered webhook.</param>
/// <param name="RotatedAt">When that version came; null: with the webhook.</param>
public sealed record DueDelivery(
    string Tenant, string Id, string? WebhookId, string RunId, string Url, string Event, string RunStatus, int Attempt, DateTimeOffset HappenedAt, int SecretVersion, DateTimeOffset? RotatedAt)
{
    /// <summary>The webhook's secret, sealed; null: it is derived.</summary>
    public byte[]? Secret { get; init; }

    /// <summary>The one before; null: there was none, or it is derived.</summary>
    public byte[]? SecretBefore { get; init; }
}

/// <summary>How an attempt ended.</summary>
/// <param name="Status">What the receiver answered; null when it did not.</param>
/// <param name="Error">What went wrong; null when it arrived.</param>
/// <param name="RetryAt">When it is tried again; null with an error: it is given up.</param>
/// <param name="DisableWebhook">The receiver said that it is gone for good (410).</param>
public sealed record DeliveryOutcome(int? Status, string? Error, DateTimeOffset? RetryAt, bool DisableWebhook = false)
{
    /// <summary>It arrived.</summary>
    public bool IsDelivered => Error is null;
}
