using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace AgentSystem.ServiceDefaults.Resilience;

/// <summary>The pipeline <c>api-reads</c> of the client <c>api</c>, which is our own API's: a read that failed on the way is tried again, anything that costs or changes something never is.</summary>
public static class ReadRetries
{
    /// <summary>The library puts the client's name before it: the client <c>api</c> makes it <c>api-reads</c>, the <c>pipeline.name</c> on the meter <c>Polly</c>.</summary>
    private const string Pipeline = "reads";

    /// <summary>Two and no more: a person is waiting, and the pages ask again by themselves.</summary>
    private const int MostRetries = 2;

    /// <summary>Longest pause the API may ask for and still be waited for; a longer one is told to the person.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(150);

    /// <summary>Adds the pipeline. It has no time-outs: a stream lasts as long as its answer, and every other call has a limit of its own.</summary>
    public static IHttpClientBuilder AddReadRetries(this IHttpClientBuilder client)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.AddResilienceHandler(Pipeline, static pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            Name = Pipeline,
            MaxRetryAttempts = MostRetries,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldRetryAfterHeader = true,
            ShouldHandle = static attempt => new ValueTask<bool>(IsRead(attempt.Context) && MayPass(attempt.Outcome)),
        }));
        return client;
    }

    private static bool IsRead(ResilienceContext context) => context.GetRequestMessage()?.Method == HttpMethod.Get;

    /// <summary>What another attempt can mend: nobody answered, or someone in between did for an API that is away or full. A 500 is a defect and stays one.</summary>
    private static bool MayPass(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException } => true,
        { Result: { StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } answer } =>
            answer.Headers.RetryAfter is not { } asked || asked.Delta <= LongestPause,
        _ => false,
    };
}
