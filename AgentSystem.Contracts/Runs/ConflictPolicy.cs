namespace AgentSystem.Contracts.Runs;

/// <summary>What a new run does about runs on its thread that have not ended: member <c>on_conflict</c>.</summary>
public enum ConflictPolicy
{
    /// <summary>Waits until they have ended.</summary>
    Enqueue,

    /// <summary>Is refused.</summary>
    Reject,

    /// <summary>They stop; what they asked and did stays in the thread.</summary>
    Interrupt,

    /// <summary>They stop; the thread is as it was before them. Effects outside the thread cannot be undone.</summary>
    Rollback,
}
