using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Idempotency;

/// <summary>Requests with an <c>Idempotency-Key</c>. Section <c>Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>How long an answer is kept and given again.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Longest that a request waits for the same request, which is still running, before it answers 409. Streams do not wait: they read along.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);
}
