using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Runs;

/// <summary>A run as it is kept.</summary>
public sealed record RunRecord
{
    /// <summary>Made by <see cref="RunIds.New"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose rows it belongs to.</summary>
    public required string Tenant { get; init; }

    /// <summary>The user as runs name it (<c>user:...</c> or <c>key:...</c>): whose memory and thread it meets.</summary>
    public required string User { get; init; }

    /// <summary>The agent that answers.</summary>
    public required string Agent { get; init; }

    /// <summary>The version that answers, fixed when it is first executed; null before.</summary>
    public int? AgentVersion { get; init; }

    /// <summary>The thread its turn is added to; null: none.</summary>
    public string? ThreadId { get; init; }

    /// <summary>What is asked.</summary>
    public required string Input { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>The answer; null until there is one.</summary>
    public string? Output { get; init; }

    /// <summary>Why it has none; null while that is open, and on success.</summary>
    public RunError? Error { get; init; }

    /// <summary>Executions begun since it last made progress; it is a dead letter after <see cref="RunOptions.MaxAttempts"/>.</summary>
    public int Attempts { get; init; }

    /// <summary>The higher the sooner, within its tenant; 0 is usual.</summary>
    public int Priority { get; init; }

    /// <summary>Tokens read, of all its model calls.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens written.</summary>
    public long OutputTokens { get; init; }

    /// <summary>USD at list prices.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>The most it may cost; null: no limit of its own.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>Where its end is told; null: nowhere.</summary>
    public string? Webhook { get; init; }

    /// <summary>The run it was forked from.</summary>
    public string? ForkedFrom { get; init; }

    /// <summary>The last step it took over from there.</summary>
    public int? ForkStep { get; init; }

    /// <summary>The schedule that began it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>The run that began it; null: none did.</summary>
    public string? ParentId { get; init; }

    /// <summary>How many runs are above it.</summary>
    public int Depth { get; init; }

    /// <summary>What those above it may cost, the farthest first; only those that have a limit. Its own is <see cref="BudgetUsd"/>.</summary>
    public IReadOnlyList<RunCap> LimitsAbove { get; init; } = [];

    /// <summary>The key it was begun with.</summary>
    public required string KeyId { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was first executed.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it became a dead letter; null: it is none.</summary>
    public DateTimeOffset? DeadAt { get; init; }

    /// <summary>True when nothing more will happen to it.</summary>
    public bool HasEnded => Status is not (RunStatus.Pending or RunStatus.Running or RunStatus.Waiting);
}

/// <summary>The most a run and all that it begins may cost together.</summary>
public sealed record RunCap(string RunId, decimal Usd);

/// <summary>Why a run has no answer.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Message">For people; names the cure.</param>
public sealed record RunError(string Code, string Message);

/// <summary>A run to begin.</summary>
/// <param name="Caller">Who begins it; its rights and lists hold for the whole run.</param>
/// <param name="User">As in <see cref="RunRecord.User"/>.</param>
/// <param name="Agent">Which agent.</param>
/// <param name="Input">What is asked; not empty, and as Postgres can keep it.</param>
public sealed record NewRun(Caller Caller, string User, string Agent, string Input)
{
    /// <summary>The thread its turn is added to, which exists and belongs to <see cref="User"/>, or which <see cref="BeginsThread"/>; null: none.</summary>
    public string? ThreadId { get; init; }

    /// <summary>True when the thread does not exist yet and is begun with the run's turn.</summary>
    public bool BeginsThread { get; init; }

    /// <summary>What is done about runs on the thread that have not ended.</summary>
    public ConflictPolicy OnConflict { get; init; }

    /// <summary>The higher the sooner, within the tenant.</summary>
    public int Priority { get; init; }

    /// <summary>The most it may cost.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>Where its end is told.</summary>
    public string? Webhook { get; init; }

    /// <summary>The schedule that begins it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>The run that begins it, which must be of the same user and must not have ended; null: none does.</summary>
    public string? ParentId { get; init; }

    /// <summary>Most runs above one.</summary>
    public int MostDepth { get; init; } = int.MaxValue;

    /// <summary>An id of its own, such as a schedule's tick: a second run of the same id is not begun and the first is given back; null: a new one.</summary>
    public string? Id { get; init; }
}
