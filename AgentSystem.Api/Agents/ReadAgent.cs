using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>GET /api/v1/agents/{name}</c> and <c>/agents/{name}/versions/{version}</c>: one version, whole. Versions of an archived agent can still be read.</summary>
internal static class ReadAgent
{
    public static async Task<Results<Ok<AgentVersionView>, FailureResult>> Handle(string name, HttpContext http, AgentRegistry agents, CancellationToken cancellation) =>
        Answer(http, await agents.GetAsync(http.Caller(), name, cancellation));

    public static async Task<Results<Ok<AgentVersionView>, FailureResult>> HandleVersion(string name, string version, HttpContext http, AgentRegistry agents, CancellationToken cancellation) =>
        Answer(http, await agents.VersionAsync(http.Caller(), name, version, cancellation));

    private static Results<Ok<AgentVersionView>, FailureResult> Answer(HttpContext http, AgentOutcome outcome) =>
        outcome.Agent is { } agent ? TypedResults.Ok(AgentTags.Show(http, agent)) : outcome.Failure!.ToResult();
}
