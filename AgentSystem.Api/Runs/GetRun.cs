using AgentSystem.Api.Http;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Runs;

/// <summary><c>GET /api/v1/runs/{id}</c>.</summary>
internal static class GetRun
{
    public static async Task<Results<Ok<RunView>, FailureResult>> Handle(string id, HttpContext http, IRunStore runs, CancellationToken cancellation) =>
        await ReadAsync(RunAccess.Of(http.Caller()), id, runs, cancellation) is { } run ? TypedResults.Ok(run) : new FailureResult(RunAccess.NotFound(id));

    /// <summary>The run with its steps, or null.</summary>
    public static async Task<RunView?> ReadAsync(RunScope scope, string id, IRunStore runs, CancellationToken cancellation) =>
        await runs.FindAsync(scope, id, cancellation) is { } run ? await RunViews.ReadAsync(scope, run, runs, cancellation) : null;
}
