using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security.Sealing;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>Makes one attempt at one message. Whatever the receiver does is a value here.</summary>
/// <param name="check">Absent where nothing looks at what leaves.</param>
public sealed class WebhookSender(IRunStore runs, WebhookSecrets secrets, EgressRule rule, JitterSource jitter, IOptions<WebhookOptions> options, TimeProvider time, IOutgoingCheck? check = null) : IDisposable
{
    /// <summary>How long deliveries carry a signature of the secret before too, after it was replaced.</summary>
    public static readonly TimeSpan BothSecrets = TimeSpan.FromHours(24);

    private readonly HttpClient client = new(EgressHandler.Create(rule)) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => client.Dispose();

    /// <summary>Sends it, within <see cref="WebhookOptions.AnswerWithin"/>.</summary>
    public async Task<DeliveryOutcome> SendAsync(DueDelivery delivery, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (await runs.FindAsync(new RunScope(delivery.Tenant, null), delivery.RunId, cancellation) is not { } run)
        {
            return new DeliveryOutcome(null, "The run is not kept any more.", null);
        }

        if (check is not null && delivery.Event == WebhookEvents.Finished && await check.RefuseAsync(run, $"{run.Output}\n{run.Error?.Message}", cancellation) is { } leak)
        {
            // Another attempt would tell the same.
            return new DeliveryOutcome(null, leak, null);
        }

        var now = time.GetUtcNow();
        IReadOnlyList<string> keys;
        try
        {
            keys = await secrets.OfAsync(delivery, now, cancellation);
        }
        catch (SealException unreadable)
        {
            // An operator can mend it while the message waits.
            return Failed(delivery, null, unreadable.Message, null);
        }

        using var request = Request(delivery, Body(delivery, run), now, keys);
        using var limit = new CancellationTokenSource(options.Value.AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(delivery, answer);
        }
        catch (HttpRequestException refused) when (refused.InnerException is EgressRefusedException reason)
        {
            // The rule can change with the operator's settings, so it is tried again like a receiver that is away.
            return Failed(delivery, null, reason.Message, null);
        }
        catch (HttpRequestException failure)
        {
            return Failed(delivery, null, $"The receiver could not be reached ({Word(failure.HttpRequestError)}).", null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(delivery, null, $"The receiver did not answer within {options.Value.AnswerWithin.TotalSeconds:0} s.", null);
        }
    }

    private static byte[] Body(DueDelivery delivery, RunRecord run)
    {
        var finished = delivery.Event == WebhookEvents.Finished;
        return JsonSerializer.SerializeToUtf8Bytes(
            new WebhookMessage(delivery.Event, delivery.HappenedAt, new WebhookRun(
                run.Id, run.Agent, run.ThreadId, delivery.RunStatus,
                finished ? run.Output : null, finished ? run.Error?.Code : null, finished ? run.Error?.Message : null, run.CostUsd)),
            PlatformJson.Options);
    }

    private static HttpRequestMessage Request(DueDelivery delivery, byte[] body, DateTimeOffset now, IReadOnlyList<string> keys)
    {
        var timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(delivery.Url)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AgentSystem-Webhooks", "1"));
        request.Headers.Add("webhook-id", delivery.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", string.Join(' ', keys.Select(secret => WebhookSignature.Sign(secret, delivery.Id, timestamp, body))));
        return request;
    }

    private DeliveryOutcome Judge(DueDelivery delivery, HttpResponseMessage answer) => answer switch
    {
        { IsSuccessStatusCode: true } => new DeliveryOutcome((int)answer.StatusCode, null, null),
        { StatusCode: HttpStatusCode.Gone } => new DeliveryOutcome((int)answer.StatusCode, "The receiver answered 410: it is gone for good.", null, DisableWebhook: true),
        _ => Failed(delivery, (int)answer.StatusCode, $"The receiver answered {(int)answer.StatusCode}.", Asked(answer.Headers.RetryAfter)),
    };

    private DeliveryOutcome Failed(DueDelivery delivery, int? status, string error, TimeSpan? asked) => delivery.Attempt >= options.Value.MaxAttempts
        ? new DeliveryOutcome(status, error, null)
        : new DeliveryOutcome(status, error, time.GetUtcNow() + WebhookBackoff.Pause(delivery.Attempt, jitter.Next(), asked));

    private TimeSpan? Asked(RetryConditionHeaderValue? header) => header?.Delta ?? header?.Date - time.GetUtcNow();

    private static string Word(HttpRequestError error) => JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ToString()).Replace('_', ' ');
}
