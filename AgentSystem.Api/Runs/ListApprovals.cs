using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Runs;

/// <summary><c>GET /api/v1/runs/{id}/approvals</c>: what the run waits for, and what was decided before.</summary>
internal static class ListApprovals
{
    public static async Task<Results<Ok<ListPage<ApprovalView>>, FailureResult>> Handle(string id, HttpContext http, IRunStore runs, CancellationToken cancellation)
    {
        var scope = RunAccess.Of(http.Caller());
        return await runs.FindAsync(scope, id, cancellation) is { } run
            ? TypedResults.Ok(new ListPage<ApprovalView>([.. RunViews.Approvals(run, await runs.StepsAsync(scope, id, cancellation))]))
            : new FailureResult(RunAccess.NotFound(id));
    }
}
