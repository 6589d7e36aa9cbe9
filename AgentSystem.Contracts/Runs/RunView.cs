namespace AgentSystem.Contracts.Runs;

/// <summary>A run: <c>GET /api/v1/runs/{id}</c>.</summary>
/// <param name="Agent">Who runs.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Status">One of <see cref="RunStatus"/>.</param>
/// <param name="Output">The answer; null before a success.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="Steps">In their order.</param>
/// <param name="CostUsd">USD so far.</param>
/// <param name="Attempts">How often a worker took it up.</param>
/// <param name="ForkOf">The run it was forked from.</param>
/// <param name="ForkedAt">The last step it took over from that one.</param>
/// <param name="ScheduleId">The schedule that started it.</param>
/// <param name="StartedAt">When a worker first took it.</param>
/// <param name="FinishedAt">When it ended.</param>
public sealed record RunView(
    string Id,
    string Agent,
    string? ThreadId,
    string User,
    string Status,
    string Input,
    string? Output,
    RunError? Error,
    IReadOnlyList<RunStepView> Steps,
    RunUsage Usage,
    decimal CostUsd,
    decimal? BudgetUsd,
    int Priority,
    int Attempts,
    string? ForkOf,
    int? ForkedAt,
    string? ScheduleId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt);

/// <summary>A row of <c>GET /api/v1/runs</c>.</summary>
/// <param name="Input">The beginning of what it was asked.</param>
/// <param name="Steps">How many it has.</param>
public sealed record RunSummary(
    string Id,
    string Agent,
    string? ThreadId,
    string User,
    string Status,
    string Input,
    RunError? Error,
    int Steps,
    decimal CostUsd,
    int Attempts,
    string? ScheduleId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt);

/// <summary>Why a run has no answer.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">For people.</param>
public sealed record RunError(string Code, string Message);

/// <summary>One model call or one tool call of a run.</summary>
/// <param name="Index">Starts at 1; without gaps.</param>
/// <param name="Kind"><c>model</c> or <c>tool</c>.</param>
/// <param name="Name">The model's or the tool's.</param>
/// <param name="Status"><c>planned</c>, <c>started</c>, <c>done</c>, <c>unknown</c> (begun, and nobody knows how it ended), <c>failed</c> or <c>rejected</c>.</param>
/// <param name="Arguments">Of a tool: JSON as text, the beginning of a long one.</param>
/// <param name="Result">What it gave, the beginning of a long one.</param>
/// <param name="DurationMs">Milliseconds; null while it goes on.</param>
public sealed record RunStepView(
    int Index,
    string Kind,
    string Name,
    string Status,
    string? Arguments,
    string? Result,
    int InputTokens,
    int OutputTokens,
    decimal CostUsd,
    DateTimeOffset StartedAt,
    double? DurationMs);

/// <summary>What a run used.</summary>
public sealed record RunUsage(long InputTokens, long OutputTokens, int ModelCalls, int ToolCalls);
