using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>POST /api/v1/agents</c>: makes version 1 of an agent.</summary>
internal static class MakeAgent
{
    public static async Task<Results<Created<AgentVersionView>, FailureResult>> Handle(CreateAgent body, HttpContext http, AgentRegistry agents, CancellationToken cancellation)
    {
        var outcome = await agents.CreateAsync(http.Caller(), body, cancellation);
        return outcome.Agent is { } agent
            ? TypedResults.Created($"/api/v1/agents/{agent.Definition.Name}", AgentTags.Show(http, agent))
            : outcome.Failure!.ToResult();
    }
}
