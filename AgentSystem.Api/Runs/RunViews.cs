using System.Text.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Runs;

/// <summary>Runs as callers see them.</summary>
internal static class RunViews
{
    /// <summary>Most characters of arguments and results in a list of steps; the approval of a call shows its arguments whole.</summary>
    public const int LongestShown = 4_000;

    private const int LongestSummary = 200;
    private const int MostChildren = 100;

    /// <summary>The run with its steps and the runs it began.</summary>
    public static async Task<RunView> ReadAsync(RunScope scope, RunRecord run, IRunStore runs, CancellationToken cancellation)
    {
        var steps = await runs.StepsAsync(scope, run.Id, cancellation);
        var children = await runs.ListAsync(scope, new RunQuery(MostChildren) { ParentId = run.Id }, cancellation);
        return Whole(run, steps) with { Children = [.. children.Reverse().Select(static child => new RunChild(child.Id, child.Agent, child.Status, child.CostUsd))] };
    }

    private static RunView Whole(RunRecord run, IReadOnlyList<RunStep> steps) => new(
        run.Id, run.Agent, run.ThreadId, ThreadUser.Shown(run.User), run.Status, run.Input, run.Output, Error(run), [.. steps.Select(Step)],
        new RunUsage(run.InputTokens, run.OutputTokens, steps.Count(static step => step.Kind == StepKind.Model), steps.Count(static step => step.Kind == StepKind.Tool)),
        run.CostUsd, run.BudgetUsd, run.Priority, run.Attempts, run.ForkedFrom, run.ForkStep, run.ScheduleId, run.DeadAt is not null, run.CreatedAt, run.StartedAt, run.FinishedAt, run.ParentId);

    public static RunSummary Summary(RunRecord run) => new(
        run.Id, run.Agent, run.ThreadId, ThreadUser.Shown(run.User), run.Status, Http.JsonPlace.Shorten(run.Input, LongestSummary), Error(run), run.CostUsd, run.Attempts, run.ScheduleId, run.CreatedAt, run.StartedAt, run.FinishedAt, run.ParentId);

    /// <summary>The calls of a run that a person decides or decided about, in their order.</summary>
    public static IEnumerable<ApprovalView> Approvals(RunRecord run, IEnumerable<RunStep> steps) =>
        from step in steps
        let call = step.Call
        where call is not null
        let asked = call.Decision is not null || step.Status == StepStatus.Unknown || (step.Status == StepStatus.Planned && call.Effect == Contracts.Tools.ToolEffect.Unsafe)
        where asked
        select new ApprovalView(
            call.Id, run.Id, step.Index, step.Name, call.Arguments, call.ArgumentsHash, Word(call.Effect), step.Status == StepStatus.Unknown ? "unknown" : "approval",
            call.Decision is { } decided ? decided.Approved ? "approved" : "rejected" : run.Status == RunStatus.Waiting ? "pending" : "obsolete",
            step.StartedAt, call.Decision?.At, call.Decision?.By, call.Decision?.Reason);

    private static RunStepView Step(RunStep step) => new(
        step.Index, Word(step.Kind), step.Name, Word(step.Status), step.Call is { } call ? Word(call.Effect) : null, Shorten(step.Call?.Arguments, LongestShown), Shorten(Said(step), LongestShown), step.Attempts,
        step.InputTokens, step.OutputTokens, step.CostUsd, step.StartedAt, (step.FinishedAt - step.StartedAt)?.TotalMilliseconds);

    /// <summary>A model's answer as people read it: its text, or the names of the tools it asked for.</summary>
    private static string? Said(RunStep step)
    {
        if (step.Kind == StepKind.Tool || step.Result is null)
        {
            return step.Result;
        }

        var answer = StepMessages.Read(step.Result);
        return answer.Text.Length > 0 ? answer.Text : string.Join(", ", answer.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().Select(static call => call.Name));
    }

    private static RunErrorView? Error(RunRecord run) => run.Error is { } error ? new RunErrorView(error.Code, error.Message) : null;

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string? Shorten(string? text, int most) => text is null ? null : Http.JsonPlace.Shorten(text, most);
}
