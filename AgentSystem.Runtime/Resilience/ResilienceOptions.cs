using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Resilience;

/// <summary>Retries and breakers around model calls. Section <c>Resilience</c>.</summary>
public sealed class ResilienceOptions
{
    /// <summary>Attempts of one model call, the first included.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Wait before the second attempt; doubled for each further one, with full jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause a provider may ask for (Retry-After) and still be waited for; a longer one goes to a fallback, or to the client.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Retries allowed per call on average: the budget that keeps an outage from being multiplied.</summary>
    [Range(0.0, 1.0)]
    public double RetryBudget { get; set; } = 0.1;

    /// <summary>Retries that may be saved up.</summary>
    [Range(0, 1_000)]
    public int RetryReserve { get; set; } = 10;

    /// <summary>Share of failed calls within <see cref="BreakerWindow"/> that opens a model's breaker.</summary>
    [Range(0.05, 1.0)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Fewest calls within the window before the breaker judges.</summary>
    [Range(2, 10_000)]
    public int BreakerMinimumCalls { get; set; } = 8;

    /// <summary>The window over which failures are counted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open breaker rests before it lets one call through.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BreakerRest { get; set; } = TimeSpan.FromSeconds(10);
}
