using AgentSystem.Api.Http.Idempotency;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Runs;

/// <summary>Routes of durable runs.</summary>
internal static class RunsEndpoints
{
    /// <summary>Maps <c>/api/v1/runs</c>.</summary>
    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapPost("/", StartRun.Handle).WithShownOnce("webhook_secret").WithName("CreateRun").WithSummary("Begin a run")
            .WithDescription("It is kept and in the queue when this answers 202: no crash loses it. On a thread runs go one after the other; `on_conflict` says what else may happen.").RequireAuthorization(Scopes.RunsWrite);
        runs.MapGet("/", ListRuns.Handle).WithName("ListRuns").WithSummary("Runs, the newest first")
            .WithDescription("`?status=`, `?agent=`, `?thread_id=` and `?user=` narrow the list; `?limit=` and `?cursor=` page.").RequireAuthorization(Scopes.RunsRead);
        runs.MapGet("/{id}", GetRun.Handle).WithName("GetRun").WithSummary("One run with its steps").RequireAuthorization(Scopes.RunsRead);
        runs.MapGet("/{id}/events", StreamRun.Handle).WithName("StreamRun").WithSummary("A run's events as they happen")
            .WithDescription("Server-sent events: `run.status`, `step.started`, `step.finished`, `message.delta`, `approval.required`, and last `run.finished`. Each has an `id`; send the last one you have as `Last-Event-ID` to go on after it, after a restart too.")
            .Produces<string>(200, "text/event-stream").RequireAuthorization(Scopes.RunsRead);
        runs.MapGet("/{id}/wait", WaitForRun.Handle).WithName("WaitForRun").WithSummary("One run, when it has ended")
            .WithDescription("Answers after `?seconds=` (30, at most 120) at the latest, then with the run as it is.").RequireAuthorization(Scopes.RunsRead);
        runs.MapPost("/{id}/cancel", CancelRun.Handle).WithName("CancelRun").WithSummary("Let a run go no further").RequireAuthorization(Scopes.RunsWrite);
        runs.MapGet("/{id}/approvals", ListApprovals.Handle).WithName("ListApprovals").WithSummary("Tool calls a person decides about").RequireAuthorization(Scopes.RunsRead);
        runs.MapPost("/{id}/approvals", DecideCall.Handle).WithName("DecideApproval").WithSummary("Approve or reject a tool call")
            .WithDescription("Bound to the exact arguments: send `arguments_hash` to be sure of what is approved.").RequireAuthorization(Scopes.RunsWrite);
        runs.MapPost("/{id}/fork", ForkARun.Handle).WithName("ForkRun").WithSummary("A new run from a step of this one").RequireAuthorization(Scopes.RunsWrite);
    }
}
