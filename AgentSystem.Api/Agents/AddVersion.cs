using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>POST /api/v1/agents/{name}/versions</c>: adds a version, which answers from now on unless <c>?activate=false</c>.</summary>
internal static class AddVersion
{
    public static async Task<Results<Created<AgentVersionView>, FailureResult>> Handle(
        string name, CreateAgent body, HttpContext http, AgentRegistry agents, CancellationToken cancellation, string? activate = null)
    {
        if (activate is not (null or "true" or "false"))
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", "\"activate\" must be true or false.", "activate"));
        }

        var (match, failure) = AgentTags.Read(http);
        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var outcome = await agents.AppendAsync(http.Caller(), name, body, activate != "false", match, cancellation);
        return outcome.Agent is { } agent
            ? TypedResults.Created($"/api/v1/agents/{name}/versions/{agent.Definition.Version}", AgentTags.Show(http, agent))
            : outcome.Failure!.ToResult();
    }
}
