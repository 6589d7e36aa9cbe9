using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Budgets;

/// <summary>How budgets are kept. Section <c>Budgets</c>.</summary>
public sealed class BudgetsOptions : IValidatableObject
{
    /// <summary>How often a process says that it lives, and gives credit back that it does not need.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:15")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a process may be silent before its calls under way are settled at the most they can have cost. At least three times the heartbeat; up to one heartbeat later any other process does it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.3", "00:00:45")]
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a process trusts what it knows of which budgets there are; a budget made in another process counts from then on at the latest.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Trust { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most tokens a provider counts for one image or recording; a file with more bytes counts its bytes.</summary>
    [Range(0, 10_000_000)]
    public int MediaTokens { get; set; } = 50_000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DeadAfter < Heartbeat * 3)
        {
            yield return new ValidationResult(
                $"Budgets:DeadAfter is {DeadAfter} and Budgets:Heartbeat {Heartbeat}: a process that is slow for a moment would be taken for dead; make DeadAfter at least three times the heartbeat.",
                [nameof(DeadAfter), nameof(Heartbeat)]);
        }
    }
}
