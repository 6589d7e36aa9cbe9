namespace AgentSystem.Contracts.Webhooks;

/// <summary>Where runs of the tenant are told about: <c>GET /api/v1/webhooks/{id}</c>.</summary>
/// <param name="Events">Which of <see cref="WebhookEvents"/>.</param>
/// <param name="DisabledReason">Why nothing is sent any more; null: it is.</param>
public sealed record WebhookView(string Id, string Url, IReadOnlyList<string> Events, string? Description, string? DisabledReason, DateTimeOffset CreatedAt);

/// <summary>Body of <c>POST /api/v1/webhooks</c>.</summary>
/// <param name="Url">https, on a public host or one the operator allows; at most 2,000 characters.</param>
/// <param name="Events">Absent: all.</param>
/// <param name="Description">At most 200 characters.</param>
public sealed record CreateWebhook(string Url, IReadOnlyList<string>? Events = null, string? Description = null);

/// <summary>A webhook that was made, or got another secret.</summary>
/// <param name="Secret">Signs its deliveries by the rules of Standard Webhooks; shown this once.</param>
public sealed record CreatedWebhook(string Id, string Url, IReadOnlyList<string> Events, string Secret, DateTimeOffset CreatedAt);

/// <summary>One message on its way: a row of <c>GET /api/v1/webhooks/{id}/deliveries</c>.</summary>
/// <param name="Id">Its <c>webhook-id</c>, the same on every attempt.</param>
/// <param name="WebhookId">Null for the webhook of one run.</param>
/// <param name="Event">One of <see cref="WebhookEvents"/>.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c>, <c>dead</c> (given up, to be found under dead letters) or <c>discarded</c>.</param>
/// <param name="DueAt">When it is tried next; null when it is not.</param>
/// <param name="LastStatus">What the receiver answered last; null when it did not.</param>
public sealed record WebhookDelivery(
    string Id,
    string? WebhookId,
    string RunId,
    string Event,
    string Url,
    string State,
    int Attempts,
    DateTimeOffset? DueAt,
    int? LastStatus,
    string? LastError,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt);

/// <summary>The body of a delivery.</summary>
/// <param name="Type">One of <see cref="WebhookEvents"/>.</param>
/// <param name="Timestamp">When it happened.</param>
public sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, WebhookRun Data);

/// <summary>What a delivery says about its run.</summary>
/// <param name="Status">As of the event.</param>
/// <param name="Output">The answer of a run that ended with one.</param>
public sealed record WebhookRun(string RunId, string Agent, string? ThreadId, string Status, string? Output, string? ErrorCode, string? ErrorMessage, decimal CostUsd);

/// <summary>What a webhook can be told.</summary>
public static class WebhookEvents
{
    /// <summary>A run ended, whichever way.</summary>
    public const string Finished = "run.finished";

    /// <summary>A run waits for a person.</summary>
    public const string Waiting = "run.waiting";

    /// <summary>Every event.</summary>
    public static IReadOnlyList<string> All { get; } = [Finished, Waiting];
}
