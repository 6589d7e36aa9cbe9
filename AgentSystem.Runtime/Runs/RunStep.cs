using AgentSystem.Contracts.Tools;

namespace AgentSystem.Runtime.Runs;

/// <summary>One step of a run, which holds only what it added: a model call its answer, a tool call its result. Steps in their order are the conversation.</summary>
public sealed record RunStep
{
    /// <summary>Starts at 1; without gaps.</summary>
    public required int Index { get; init; }

    /// <summary>What makes it the same step when it is met again: <c>m3</c> is the fourth model call, <c>m3.t0</c> the first tool call it asked for.</summary>
    public required string Key { get; init; }

    /// <summary>What it is.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>Name of the model or of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required StepStatus Status { get; init; }

    /// <summary>A model's answer as JSON messages (<see cref="StepMessages"/>), a tool's result as text; null until it is done.</summary>
    public string? Result { get; init; }

    /// <summary>Of a tool call.</summary>
    public ToolCallEntry? Call { get; init; }

    /// <summary>Times it was begun.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Tokens read.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens written.</summary>
    public long OutputTokens { get; init; }

    /// <summary>USD at list prices.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>When it was first begun.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was done.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>What the ledger knows of a tool call besides its step.</summary>
/// <param name="Id">See <see cref="RunIds.Call"/>.</param>
/// <param name="Effect">The tool's effect class when the call was planned.</param>
/// <param name="Arguments">The exact arguments, as a JSON object.</param>
/// <param name="ArgumentsHash">Hex SHA-256 of tool and arguments; an approval holds for these only.</param>
/// <param name="Decision">What a person decided; null: nothing yet.</param>
public sealed record ToolCallEntry(string Id, ToolEffect Effect, string Arguments, string ArgumentsHash, CallDecision? Decision = null);

/// <summary>A person's decision about a tool call.</summary>
/// <param name="Approved">Whether it may be made (or made again).</param>
/// <param name="Reason">Told to the model when it was rejected.</param>
/// <param name="By">Id of the key that decided.</param>
/// <param name="At">When.</param>
public sealed record CallDecision(bool Approved, string? Reason, string By, DateTimeOffset At);

/// <summary>Kinds of steps.</summary>
public enum StepKind
{
    /// <summary>A model was asked.</summary>
    Model,

    /// <summary>A tool was called.</summary>
    Tool,
}

/// <summary>Where a step stands. For a tool these are the ledger's states.</summary>
public enum StepStatus
{
    /// <summary>A model call under way.</summary>
    Running,

    /// <summary>A tool call that has not been made: it waits for approval, or was approved and is next.</summary>
    Planned,

    /// <summary>A tool call that is being made.</summary>
    Started,

    /// <summary>It has its result.</summary>
    Done,

    /// <summary>Its outcome was lost: a tool call may or may not have been made. While the run goes on, a person decides.</summary>
    Unknown,
}
