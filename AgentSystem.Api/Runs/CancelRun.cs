using AgentSystem.Api.Http;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Runs;

/// <summary><c>POST /api/v1/runs/{id}/cancel</c>: the run goes no further; one that has ended stays as it ended.</summary>
internal static class CancelRun
{
    public static async Task<Results<Ok<RunView>, FailureResult>> Handle(string id, HttpContext http, IRunStore runs, CancellationToken cancellation)
    {
        var scope = RunAccess.Of(http.Caller());
        return await runs.CancelAsync(scope, id, cancellation) is { } run
            ? TypedResults.Ok(await RunViews.ReadAsync(scope, run, runs, cancellation))
            : new FailureResult(RunAccess.NotFound(id));
    }
}
