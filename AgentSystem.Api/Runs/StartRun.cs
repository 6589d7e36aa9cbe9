using AgentSystem.Api.Http;
using AgentSystem.Api.Threads;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Runs;

/// <summary><c>POST /api/v1/runs</c>: the run is kept and in the queue when this answers.</summary>
internal static class StartRun
{
    public static async Task<Results<Accepted<RunStarted>, FailureResult>> Handle(
        CreateRun body, HttpContext http, RunIntake intake, WebhookSecrets secrets, IOptions<SecurityOptions> security, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (ThreadAccess.RefuseNew(caller, body.User, security.Value.MaxUserLength) is { } refused)
        {
            return new FailureResult(refused);
        }

        var (run, failure) = await intake.SubmitAsync(
            new RunOrder(caller, body.Agent, body.Input, body.User, body.ThreadId, body.OnConflict, body.BudgetUsd, body.Webhook, body.Priority ?? 0, ParentId: body.ParentRunId), cancellation);
        return failure is not null
            ? new FailureResult(failure)
            : TypedResults.Accepted($"/api/v1/runs/{run!.Id}", new RunStarted(run.Id, run.ThreadId, run.Status, run.Webhook is null ? null : secrets.OfRun(caller.Tenant, run.Id)));
    }
}
