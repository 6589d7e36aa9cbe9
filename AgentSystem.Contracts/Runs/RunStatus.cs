namespace AgentSystem.Contracts.Runs;

/// <summary>Where a run stands. The first three go on; the others are ends and never change.</summary>
public enum RunStatus
{
    /// <summary>In the queue.</summary>
    Pending,

    /// <summary>A worker holds it.</summary>
    Running,

    /// <summary>A person must decide about a tool call; nobody holds it.</summary>
    Waiting,

    /// <summary>It has an answer.</summary>
    Success,

    /// <summary>It failed; the error says why.</summary>
    Error,

    /// <summary>It took longer than its agent's <c>limits.max_seconds</c>.</summary>
    Timeout,

    /// <summary>Another run on its thread took its place.</summary>
    Interrupted,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,
}
