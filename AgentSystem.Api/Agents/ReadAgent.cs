using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>GET /api/v1/agents/{name}</c> and <c>/agents/{name}/versions/{version}</c>: one version, whole, also of an archived agent, with the agent's ETag.</summary>
internal static class ReadAgent
{
    public static async Task<Results<Ok<AgentVersionView>, StatusCodeHttpResult, FailureResult>> Handle(string name, HttpContext http, AgentRegistry agents, CancellationToken cancellation) =>
        Answer(http, await agents.GetAsync(http.Caller(), name, cancellation));

    public static async Task<Results<Ok<AgentVersionView>, StatusCodeHttpResult, FailureResult>> HandleVersion(string name, string version, HttpContext http, AgentRegistry agents, CancellationToken cancellation) =>
        Answer(http, await agents.VersionAsync(http.Caller(), name, version, cancellation));

    private static Results<Ok<AgentVersionView>, StatusCodeHttpResult, FailureResult> Answer(HttpContext http, AgentOutcome outcome)
    {
        if (outcome.Agent is not { } agent)
        {
            return outcome.Failure!.ToResult();
        }

        // Shown first: an answer without the body carries the ETag, too.
        var view = AgentTags.Show(http, agent);
        return AgentTags.IsKnown(http, agent) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(view);
    }
}
