using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>GET /api/v1/agents</c>: the active version of every agent a key may call.</summary>
internal static class ListAgents
{
    public static async Task<Ok<ListPage<AgentView>>> Handle(HttpContext http, IAgentStore agents, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var mine = (await agents.ListAsync(caller.Tenant, cancellation)).Where(a => caller.MayCall(a.Name));
        return TypedResults.Ok(new ListPage<AgentView>([.. mine.Select(a => new AgentView(a.Name, a.Version, a.Type, a.Specialization, a.Description, a.Model, a.Tools, a.Limits))]));
    }

    /// <summary>Maps it.</summary>
    public static void MapAgents(this IEndpointRouteBuilder api) =>
        api.MapGet("/agents", Handle).WithTags("Agents").WithName("ListAgents").WithSummary("The agents this key may call").RequireAuthorization(Scopes.AgentsRead);
}
