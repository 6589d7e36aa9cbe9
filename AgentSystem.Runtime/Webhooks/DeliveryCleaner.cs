using AgentSystem.Runtime.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>Deletes messages that arrived, or were put away, <see cref="WebhookOptions.KeepDays"/> ago. What is on its way and what was given up stays.</summary>
internal sealed class DeliveryCleaner(IWebhookOutbox outbox, IOptions<WebhookOptions> options, TimeProvider time, ILogger<DeliveryCleaner> log)
    : RowCleaner("webhook messages", Interval, time, log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly TimeProvider time = time;

    protected override Task<int> DeleteAsync(int most, CancellationToken cancellation) =>
        outbox.ForgetAsync(time.GetUtcNow() - TimeSpan.FromDays(options.Value.KeepDays), most, cancellation);
}
