using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>Deliveries of webhooks. Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Attempts of one delivery, the first included; after the last it is a dead letter.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>How long a receiver may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Deliveries one process has under way at once.</summary>
    [Range(1, 256)]
    public int MaxConcurrent { get; set; } = 16;

    /// <summary>Webhooks a tenant may register.</summary>
    [Range(0, 1_000)]
    public int MaxPerTenant { get; set; } = 50;

    /// <summary>Days until a message that arrived, or was put away, is forgotten. One that was given up stays until somebody decides.</summary>
    [Range(1, 3_650)]
    public int KeepDays { get; set; } = 30;
}
