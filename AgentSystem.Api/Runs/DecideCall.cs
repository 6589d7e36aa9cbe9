using AgentSystem.Api.Http;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Runs;

/// <summary><c>POST /api/v1/runs/{id}/approvals</c>: a person lets a tool call be made, or not; the run goes on either way.</summary>
internal static class DecideCall
{
    private const string Approve = "approve";
    private const int LongestReason = 1_000;
    private const int LongestHash = 128;

    public static async Task<Results<Ok<RunView>, FailureResult>> Handle(string id, DecideApproval body, HttpContext http, IRunStore runs, CancellationToken cancellation)
    {
        if (Refuse(body) is { } refused)
        {
            return new FailureResult(refused);
        }

        var (caller, scope) = (http.Caller(), RunAccess.Of(http.Caller()));
        var reason = body.Reason is { } given ? RunIntake.Input(given) : null;
        var outcome = await runs.DecideAsync(scope, id, new NewDecision(body.Id, body.ArgumentsHash, body.Decision == Approve, reason, caller.KeyId), cancellation);
        if (outcome.Run is not { } run)
        {
            return new FailureResult(RunAccess.NotFound(id));
        }

        return outcome.Taken
            ? TypedResults.Ok(await RunViews.ReadAsync(scope, run, runs, cancellation))
            : new FailureResult(new RunFailure(409, "invalid_request_error", "not_waiting",
                $"The run does not wait for a decision about this call with these arguments; GET /api/v1/runs/{id}/approvals shows what it waits for.", body.Id is null ? null : "id"));
    }

    private static RunFailure? Refuse(DecideApproval body) =>
        body.Decision is not (Approve or "reject") ? RunFailure.Invalid("invalid_value", "\"decision\" must be approve or reject.", "decision")
        : body.Reason?.Length > LongestReason ? RunFailure.Invalid("invalid_value", $"\"reason\" must have at most {LongestReason} characters.", "reason")
        : body.ArgumentsHash?.Length > LongestHash ? RunFailure.Invalid("invalid_value", "\"arguments_hash\" must be the one the approval shows.", "arguments_hash")
        : null;
}
