using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Threads;

namespace AgentSystem.Runtime.Runs;

/// <summary>
/// The journal as the holder of a run writes it. Every write is one transaction that checks the lease's token and tells the run's event stream;
/// <see langword="false"/> (or null) means the run is somebody else's or has ended: stop, and write nothing more.
/// </summary>
public interface IRunLog
{
    /// <summary>The steps recorded so far, in their order.</summary>
    Task<IReadOnlyList<RunStep>> ReadAsync(RunLease lease, CancellationToken cancellation);

    /// <summary>Fixes what the run is executed with: the agent's version and how long its thread is.</summary>
    Task<bool> StartAsync(RunLease lease, int agentVersion, int threadMessages, CancellationToken cancellation);

    /// <summary>A step begins, or begins again under the same key. Gives its index.</summary>
    Task<int?> BeginAsync(RunLease lease, StepBegin begin, CancellationToken cancellation);

    /// <summary>A step has its result; the run has made progress.</summary>
    Task<bool> EndAsync(RunLease lease, StepEnd end, CancellationToken cancellation);

    /// <summary>A step has its result and the next one begins, both or neither. Gives the next one's index.</summary>
    Task<int?> AdvanceAsync(RunLease lease, StepEnd end, StepBegin next, CancellationToken cancellation);

    /// <summary>A piece of the answer of a step.</summary>
    Task<bool> DeltaAsync(RunLease lease, int index, string text, CancellationToken cancellation);

    /// <summary>The run waits for a person to decide about a call, which is kept as planned (approval) or unknown; the lease ends.</summary>
    Task<bool> WaitAsync(RunLease lease, StepBegin call, bool unknown, CancellationToken cancellation);

    /// <summary>Puts the run back into the queue; the lease ends.</summary>
    /// <param name="lease">The right to it.</param>
    /// <param name="after">Not before this has passed.</param>
    /// <param name="counts">Whether the execution counts as an attempt: not when it was given up for a reason outside the run, such as a shutdown.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<bool> ReleaseAsync(RunLease lease, TimeSpan after, bool counts, CancellationToken cancellation);

    /// <summary>The run ends, and its turn is added to its thread, both or neither; the lease ends.</summary>
    Task<bool> FinishAsync(RunLease lease, RunEnd end, CancellationToken cancellation);
}

/// <summary>A step that begins.</summary>
/// <param name="Key">See <see cref="RunStep.Key"/>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name of the model or of the tool.</param>
/// <param name="Call">Of a tool call.</param>
public sealed record StepBegin(string Key, StepKind Kind, string Name, ToolCallEntry? Call = null);

/// <summary>A step's result.</summary>
/// <param name="Index">Which step.</param>
/// <param name="Result">See <see cref="RunStep.Result"/>.</param>
/// <param name="Delta">The last piece of the answer that was not told yet; empty: none.</param>
/// <param name="Name">The model that answered in the end, where fallbacks were asked.</param>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens written.</param>
/// <param name="CostUsd">USD at list prices.</param>
public sealed record StepEnd(int Index, string Result, string Delta = "", string? Name = null, long InputTokens = 0, long OutputTokens = 0, decimal CostUsd = 0);

/// <summary>How a run ends.</summary>
/// <param name="Status">One of the ends.</param>
/// <param name="Output">The answer.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="Turn">What is added to its thread; null: nothing.</param>
/// <param name="Dead">Whether it becomes a dead letter.</param>
public sealed record RunEnd(RunStatus Status, string? Output, RunError? Error, NewTurn? Turn = null, bool Dead = false);
