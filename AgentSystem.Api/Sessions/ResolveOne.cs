using AgentSystem.Api.Http;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Sessions;

/// <summary><c>POST /api/v1/state/conflicts/{id}/resolve</c>: a person decides; with <c>If-Match</c> only if the session is what the person saw.</summary>
internal static class ResolveOne
{
    public static async Task<Results<Ok<ConflictView>, FailureResult>> Handle(
        string id, ResolveConflict body, HttpContext http, ISessionConflicts conflicts, IOptions<SessionsOptions> options, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var (match, failure) = SessionAccess.Match(http);
        failure ??= SessionAccess.RefuseName(id, "id") ?? Refuse(body, options.Value.MaxValueBytes);
        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var scope = SessionAccess.Of(caller);
        if (await conflicts.FindAsync(scope, id, cancellation) is not { } known || !caller.MayCall(known.Agent))
        {
            return new FailureResult(RunFailure.NotFound("conflict_not_found", $"There is no conflict \"{id}\".", "id"));
        }

        var verdict = await conflicts.ResolveAsync(scope, id, new ConflictChoice(body.Choice, body.Value is { } value ? SessionLimits.Text(value) : null, caller.KeyId, match), cancellation);
        return verdict.Done is { } done ? TypedResults.Ok(done) : verdict.Refusal!.ToResult(http);
    }

    private static RunFailure? Refuse(ResolveConflict body, int maxBytes) =>
        body.Choice is not ("current" or "incoming" or "value") ? RunFailure.Invalid("invalid_value", "\"choice\" must be current, incoming or value.", "choice")
        : body.Choice == "value" != body.Value.HasValue ? RunFailure.Invalid("invalid_value", "\"value\" goes with the choice \"value\", and only with it.", "value")
        : body.Value is { } value && SessionLimits.ValueProblem(value, maxBytes) is { } problem ? RunFailure.Invalid("invalid_value", $"\"value\" must be {problem}.", "value")
        : null;
}
