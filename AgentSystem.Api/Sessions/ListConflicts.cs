using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Sessions;

/// <summary><c>GET /api/v1/state/conflicts</c>: those that wait for a person, the newest first; decided ones with <c>?status=resolved</c> or <c>all</c>.</summary>
internal static class ListConflicts
{
    private const string Prefix = "conflict_";

    public static async Task<Results<Ok<ListPage<ConflictView>>, FailureResult>> Handle(
        HttpContext http, ISessionConflicts conflicts, CancellationToken cancellation, string? status = null, string? agent = null, string? limit = null, string? cursor = null)
    {
        var caller = http.Caller();
        var (page, failure) = PageRequest.Read(http, static key => key.StartsWith(Prefix, StringComparison.Ordinal));
        failure ??= SessionAccess.RefuseName(agent, "agent");
        if (status is not (null or "open" or "resolved" or "all"))
        {
            failure ??= RunFailure.Invalid("invalid_value", "\"status\" must be open, resolved or all.", "status");
        }

        if (failure is null && !caller.Agents.Contains("*") && (agent is null || !caller.MayCall(agent)))
        {
            failure = RunFailure.Forbidden("agent_not_allowed", $"This key may call some agents only; name one of them in \"agent\": {string.Join(", ", caller.Agents)}.", "agent");
        }

        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        bool? open = status switch { "all" => null, "resolved" => false, _ => true };
        var rows = await conflicts.ListAsync(SessionAccess.Of(caller), new ConflictQuery(open, agent, page!.After, page.Limit + 1), cancellation);
        return TypedResults.Ok(page.Page(rows, static conflict => conflict.Id));
    }
}
