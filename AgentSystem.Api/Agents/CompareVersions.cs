using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Comparison;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>GET /api/v1/agents/{name}/diff?from=1&amp;to=2</c>: what two versions differ in, member by member.</summary>
internal static class CompareVersions
{
    public static async Task<Results<Ok<AgentDiff>, FailureResult>> Handle(string name, HttpContext http, AgentRegistry agents, CancellationToken cancellation, string? from = null, string? to = null)
    {
        if (from is not { Length: > 0 } || to is not { Length: > 0 })
        {
            var absent = from is { Length: > 0 } ? "to" : "from";
            return new FailureResult(RunFailure.Invalid("missing_member", $"\"{absent}\" is missing; compare two versions with ?from=1&to=2.", absent));
        }

        var before = await agents.VersionAsync(http.Caller(), name, from, cancellation, nameof(from));
        var after = before.Failure is null ? await agents.VersionAsync(http.Caller(), name, to, cancellation, nameof(to)) : before;
        return after.Failure is { } failure ? failure.ToResult() : TypedResults.Ok(AgentComparison.Compare(before.Agent!, after.Agent!));
    }
}
