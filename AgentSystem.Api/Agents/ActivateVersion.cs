using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>POST /api/v1/agents/{name}/activate</c>: lets a version answer, an older or a newer one; an archived agent comes back with it.</summary>
internal static class ActivateVersion
{
    public static async Task<Results<Ok<AgentVersionView>, FailureResult>> Handle(string name, ActivateAgent body, HttpContext http, AgentRegistry agents, CancellationToken cancellation)
    {
        var (match, failure) = AgentTags.Read(http);
        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var outcome = await agents.ActivateAsync(http.Caller(), name, body.Version, match, cancellation);
        return outcome.Agent is { } agent ? TypedResults.Ok(AgentTags.Show(http, agent)) : outcome.Failure!.ToResult();
    }
}
