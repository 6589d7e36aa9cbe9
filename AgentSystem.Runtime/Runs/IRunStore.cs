using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Runs;

/// <summary>Runs as those see them who begin, watch and steer them. What is outside a <see cref="RunScope"/> does not exist for it.</summary>
public interface IRunStore
{
    /// <summary>Begins a run: it is in the queue when this returns, and a worker is woken. Settles conflicts on its thread in the same transaction.</summary>
    Task<RunSubmission> SubmitAsync(NewRun run, CancellationToken cancellation);

    /// <summary>The run, or null.</summary>
    Task<RunRecord?> FindAsync(RunScope scope, string id, CancellationToken cancellation);

    /// <summary>Runs, newest first.</summary>
    Task<IReadOnlyList<RunRecord>> ListAsync(RunScope scope, RunQuery query, CancellationToken cancellation);

    /// <summary>All steps in their order; empty for a run that is not there.</summary>
    Task<IReadOnlyList<RunStep>> StepsAsync(RunScope scope, string id, CancellationToken cancellation);

    /// <summary>Events after number <paramref name="after"/>, in their order; empty for a run that is not there.</summary>
    Task<IReadOnlyList<RunEvent>> EventsAsync(RunScope scope, string id, long after, int limit, CancellationToken cancellation);

    /// <summary>Cancels a run that has not ended, and with it every run below it: whoever holds them can write nothing more. The run as it is then; null when there is none.</summary>
    Task<RunRecord?> CancelAsync(RunScope scope, string id, CancellationToken cancellation);

    /// <summary>A person's decision about the call that a waiting run waits for; the run goes on.</summary>
    Task<DecisionOutcome> DecideAsync(RunScope scope, string id, NewDecision decision, CancellationToken cancellation);

    /// <summary>A new run of the same input that takes over another's steps up to one and goes on from there by itself; recorded tool calls are not made again.</summary>
    Task<ForkOutcome> ForkAsync(RunScope scope, string id, NewFork fork, CancellationToken cancellation);

    /// <summary>Puts a dead letter back into the queue; null when there is no such dead letter.</summary>
    Task<RunRecord?> RetryAsync(RunScope scope, string id, CancellationToken cancellation);

    /// <summary>Takes a run off the list of dead letters; it stays as it ended. False when it is not on it.</summary>
    Task<bool> DiscardAsync(RunScope scope, string id, CancellationToken cancellation);
}

/// <summary>Whose runs.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">A user as runs name it; null: everybody of the tenant.</param>
public sealed record RunScope(string Tenant, string? User);

/// <summary>Which runs.</summary>
/// <param name="Limit">Most rows.</param>
/// <param name="After">The last one already shown.</param>
public sealed record RunQuery(int Limit, RunPosition? After = null)
{
    /// <summary>Only those that stand here.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>Only those of this agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Only those on this thread.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Only those that this run began.</summary>
    public string? ParentId { get; init; }

    /// <summary>Only dead letters.</summary>
    public bool Dead { get; init; }
}

/// <summary>A place in the list of runs.</summary>
public sealed record RunPosition(DateTimeOffset CreatedAt, string Id);

/// <summary>What became of a run to begin.</summary>
/// <param name="Run">The run; null when it was refused.</param>
/// <param name="Conflict">With <see cref="ConflictPolicy.Reject"/>: the run on the thread that has not ended.</param>
/// <param name="Parent">What is wrong with the run that was to be its parent; null: nothing.</param>
public sealed record RunSubmission(RunRecord? Run, string? Conflict = null, ParentProblem? Parent = null);

/// <summary>Why a run cannot be another's child.</summary>
public enum ParentProblem
{
    /// <summary>There is no such run of this user.</summary>
    Missing,

    /// <summary>It has ended.</summary>
    Ended,

    /// <summary>Too many runs are above it already.</summary>
    TooDeep,
}

/// <summary>A decision to make.</summary>
/// <param name="CallId">Which call (<see cref="ToolCallEntry.Id"/>); null: the one the run waits for.</param>
/// <param name="ArgumentsHash">What the person saw; null: not checked. A call with other arguments is not approved by it.</param>
/// <param name="Approved">Whether the call may be made.</param>
/// <param name="Reason">Told to the model when it may not.</param>
/// <param name="By">Id of the key that decides.</param>
public sealed record NewDecision(string? CallId, string? ArgumentsHash, bool Approved, string? Reason, string By);

/// <summary>What became of a decision.</summary>
/// <param name="Run">The run as it is then; null when there is none.</param>
/// <param name="Taken">True when the decision was taken; false when the run does not wait for this call, or for other arguments.</param>
public sealed record DecisionOutcome(RunRecord? Run, bool Taken);

/// <summary>A fork to make.</summary>
/// <param name="Caller">Who makes it.</param>
/// <param name="Step">The last step to take over, which must be done; 0: none; null: all that are done. Later ones are made anew.</param>
public sealed record NewFork(Caller Caller, int? Step);

/// <summary>What became of a fork.</summary>
/// <param name="Run">The new run; null when it was refused.</param>
/// <param name="Found">False when there is no run to fork; true with a null run: the step does not exist or is not done.</param>
public sealed record ForkOutcome(RunRecord? Run, bool Found);
