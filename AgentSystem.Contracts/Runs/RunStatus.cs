namespace AgentSystem.Contracts.Runs;

/// <summary>Where a run stands.</summary>
public static class RunStatus
{
    /// <summary>In the queue.</summary>
    public const string Pending = "pending";

    /// <summary>A worker has it.</summary>
    public const string Running = "running";

    /// <summary>A person has to decide about a tool call.</summary>
    public const string Waiting = "waiting";

    /// <summary>Ended with an answer.</summary>
    public const string Success = "success";

    /// <summary>Ended without one.</summary>
    public const string Error = "error";

    /// <summary>Ended because its time was over.</summary>
    public const string Timeout = "timeout";

    /// <summary>Ended by a newer run on its thread; what it did stays, unless that one asked for a roll-back.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Ended by somebody who asked for it.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Every status a run can have.</summary>
    public static IReadOnlyList<string> All { get; } = [Pending, Running, Waiting, Success, Error, Timeout, Interrupted, Cancelled];

    /// <summary>True when nothing about the run changes any more.</summary>
    public static bool IsFinal(string status) => status is Success or Error or Timeout or Interrupted or Cancelled;
}

/// <summary>What happens to a run that comes while another is under way on its thread.</summary>
public static class OnConflict
{
    /// <summary>It waits for its turn.</summary>
    public const string Enqueue = "enqueue";

    /// <summary>It is refused with 409.</summary>
    public const string Reject = "reject";

    /// <summary>The other stops and keeps what it did.</summary>
    public const string Interrupt = "interrupt";

    /// <summary>The other stops, and what it added to the thread is taken back.</summary>
    public const string Rollback = "rollback";

    /// <summary>Every way.</summary>
    public static IReadOnlyList<string> All { get; } = [Enqueue, Reject, Interrupt, Rollback];
}
