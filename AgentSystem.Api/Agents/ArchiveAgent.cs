using AgentSystem.Api.Http;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>DELETE /api/v1/agents/{name}</c>: the agent answers nobody and is listed only by <c>?archived=true</c>; its versions stay, and activating one brings it back.</summary>
internal static class ArchiveAgent
{
    public static async Task<Results<NoContent, FailureResult>> Handle(string name, HttpContext http, AgentRegistry agents, CancellationToken cancellation)
    {
        var (match, failure) = AgentTags.Read(http);
        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var (state, refusal) = await agents.ArchiveAsync(http.Caller(), name, match, cancellation);
        if (refusal is not null)
        {
            return refusal.ToResult();
        }

        http.Response.Headers.ETag = state!.Tag;
        return TypedResults.NoContent();
    }
}
