using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Runs;

/// <summary>How queued runs are executed. Section <c>Runs</c>.</summary>
public sealed class RunOptions
{
    /// <summary>Queued runs this process executes at once; 0: none, it leaves them to other processes.</summary>
    [Range(0, 1_000)]
    public int Concurrency { get; set; } = 8;

    /// <summary>How long a run stays its holder's without a sign of life. A process that dies delays its runs by this much; a paused one loses them.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest time until work is found without a notification.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Executions a run gets without making progress before it becomes a dead letter.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Most runs above one that is begun as another's child; 0: no run has children.</summary>
    [Range(0, 32)]
    public int MaxDepth { get; set; } = 5;

    /// <summary>Pause before the second attempt; each further one waits twice as long, to at most an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);
}
