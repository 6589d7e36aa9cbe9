using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>Carries messages out of the outbox. Every process that serves the API does; they never take the same attempt.</summary>
internal sealed partial class WebhookDeliverer(IWebhookOutbox outbox, WebhookSender sender, IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookDeliverer> log) : BackgroundService
{
    /// <summary>Longest time until a new message is seen.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Beyond what an attempt may take: reading the run, and writing how it ended.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Takes what is due and makes one attempt at each; gives how many there were.</summary>
    public async Task<int> DeliverAsync(CancellationToken cancellation)
    {
        var due = await outbox.ClaimAsync(time.GetUtcNow(), options.Value.AnswerWithin + Margin, options.Value.MaxConcurrent, cancellation);
        await Task.WhenAll(due.Select(delivery => DeliverAsync(delivery, cancellation)));
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Poll;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await DeliverAsync(stoppingToken) > 0)
                {
                    continue;
                }

                pause = Poll;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Nothing is lost by it: what was claimed is due again when its lease ends.
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                LogFailed(pause, exception);
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DeliverAsync(DueDelivery delivery, CancellationToken cancellation)
    {
        var outcome = await sender.SendAsync(delivery, cancellation);
        await outbox.FinishAsync(delivery, outcome, time.GetUtcNow(), cancellation);
        if (outcome is { IsDelivered: false, RetryAt: null })
        {
            LogGivenUp(delivery.Id, delivery.Tenant, delivery.Attempt, outcome.Error!);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Webhooks could not be delivered; next try in {Pause}")]
    private partial void LogFailed(TimeSpan pause, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Webhook message {Id} of tenant {Tenant} was given up after {Attempts} attempts: {Reason} It stands among the dead letters")]
    private partial void LogGivenUp(string id, string tenant, int attempts, string reason);
}
