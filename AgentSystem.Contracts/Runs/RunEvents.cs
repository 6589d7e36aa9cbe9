namespace AgentSystem.Contracts.Runs;

/// <summary>Names of the events of <c>GET /api/v1/runs/{id}/events</c>. Each carries as <c>id</c> its number, which rises within the run.</summary>
public static class RunEvents
{
    /// <summary>A <see cref="RunStatusChanged"/>.</summary>
    public const string Status = "run.status";

    /// <summary>A <see cref="RunStepView"/> that begins.</summary>
    public const string StepStarted = "step.started";

    /// <summary>A <see cref="RunStepView"/> that ended.</summary>
    public const string StepFinished = "step.finished";

    /// <summary>A <see cref="RunMessageDelta"/>.</summary>
    public const string MessageDelta = "message.delta";

    /// <summary>An <see cref="ApprovalView"/>.</summary>
    public const string ApprovalRequired = "approval.required";

    /// <summary>A <see cref="RunFinished"/>; always the last.</summary>
    public const string Finished = "run.finished";
}

/// <summary>Data of <c>run.status</c>.</summary>
/// <param name="Status">One of <see cref="RunStatus"/>.</param>
public sealed record RunStatusChanged(string Status);

/// <summary>Data of <c>message.delta</c>: more of the answer.</summary>
/// <param name="Step">The model call that says it.</param>
/// <param name="Text">To be added to what that step said before.</param>
public sealed record RunMessageDelta(int Step, string Text);

/// <summary>Data of <c>run.finished</c>.</summary>
/// <param name="Status">How it ended.</param>
public sealed record RunFinished(string Status, string? Output, RunError? Error, RunUsage Usage, decimal CostUsd);
