namespace AgentSystem.Contracts.Runs;

/// <summary>A run: <c>GET /api/v1/runs/{id}</c>.</summary>
/// <param name="Agent">Who runs.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Output">The answer; null before a success.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="Steps">In their order.</param>
/// <param name="CostUsd">USD so far, without what the runs it began cost.</param>
/// <param name="Attempts">Executions begun since it last made progress.</param>
/// <param name="ForkOf">The run it was forked from.</param>
/// <param name="ForkedAt">The last step it took over from that one.</param>
/// <param name="ScheduleId">The schedule that started it.</param>
/// <param name="IsDead">True for one that was given up and stands among the dead letters.</param>
/// <param name="StartedAt">When a worker first took it.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="ParentRunId">The run that began it.</param>
public sealed record RunView(
    string Id,
    string Agent,
    string? ThreadId,
    string User,
    RunStatus Status,
    string Input,
    string? Output,
    RunErrorView? Error,
    IReadOnlyList<RunStepView> Steps,
    RunUsage Usage,
    decimal CostUsd,
    decimal? BudgetUsd,
    int Priority,
    int Attempts,
    string? ForkOf,
    int? ForkedAt,
    string? ScheduleId,
    bool IsDead,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? ParentRunId = null)
{
    /// <summary>The runs that it began, the newest 100, in the order they were begun.</summary>
    public IReadOnlyList<RunChild> Children { get; init; } = [];
}

/// <summary>A run that another began.</summary>
/// <param name="CostUsd">USD so far, without what the runs below it cost.</param>
public sealed record RunChild(string Id, string Agent, RunStatus Status, decimal CostUsd);

/// <summary>A row of <c>GET /api/v1/runs</c>.</summary>
/// <param name="Input">The beginning of what it was asked.</param>
public sealed record RunSummary(
    string Id,
    string Agent,
    string? ThreadId,
    string User,
    RunStatus Status,
    string Input,
    RunErrorView? Error,
    decimal CostUsd,
    int Attempts,
    string? ScheduleId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? ParentRunId = null);

/// <summary>Why a run has no answer.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">For people.</param>
public sealed record RunErrorView(string Code, string Message);

/// <summary>One model call or one tool call of a run.</summary>
/// <param name="Index">Starts at 1; without gaps.</param>
/// <param name="Kind"><c>model</c> or <c>tool</c>.</param>
/// <param name="Name">The model's or the tool's.</param>
/// <param name="Status"><c>running</c> (a model), <c>planned</c> (a tool that is not called yet), <c>started</c>, <c>done</c>, or <c>unknown</c> (called, and nobody knows whether it happened).</param>
/// <param name="Arguments">Of a tool: JSON as text, the beginning of a long one.</param>
/// <param name="Effect">Of a tool: <c>read</c>, <c>idempotent</c>, <c>once</c> or <c>unsafe</c>.</param>
/// <param name="Result">What it gave, the beginning of a long one.</param>
/// <param name="Attempts">Times it was begun.</param>
/// <param name="DurationMs">Milliseconds; null while it goes on.</param>
public sealed record RunStepView(
    int Index,
    string Kind,
    string Name,
    string Status,
    string? Effect,
    string? Arguments,
    string? Result,
    int Attempts,
    long InputTokens,
    long OutputTokens,
    decimal CostUsd,
    DateTimeOffset StartedAt,
    double? DurationMs);

/// <summary>What a run used.</summary>
public sealed record RunUsage(long InputTokens, long OutputTokens, int ModelCalls, int ToolCalls);
