using AgentSystem.Api.Http;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Runs;

/// <summary><c>POST /api/v1/runs/{id}/fork</c>: a run of its own that takes over what another did up to a step.</summary>
internal static class ForkARun
{
    public static async Task<Results<Accepted<RunStarted>, FailureResult>> Handle(string id, ForkRun body, HttpContext http, IRunStore runs, CancellationToken cancellation)
    {
        var (caller, scope) = (http.Caller(), RunAccess.Of(http.Caller()));
        if (body.Step < 0)
        {
            return new FailureResult(NoStep());
        }

        // The fork runs with this key's rights, not with those of whoever began the first.
        if (await runs.FindAsync(scope, id, cancellation) is not { } first || !caller.MayCall(first.Agent))
        {
            return new FailureResult(RunAccess.NotFound(id));
        }

        var outcome = await runs.ForkAsync(scope, id, new NewFork(RunIntake.Enabled(caller), body.Step), cancellation);
        return outcome.Run is { } run
            ? TypedResults.Accepted($"/api/v1/runs/{run.Id}", new RunStarted(run.Id, run.ThreadId, run.Status))
            : new FailureResult(outcome.Found ? NoStep() : RunAccess.NotFound(id));
    }

    private static RunFailure NoStep() => RunFailure.Invalid("invalid_value", "\"step\" must be a step of the run that is done, 0 for none, or be left out for all that are done.", "step");
}
