using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Agents;

/// <summary>Routes of agents: <c>agents:read</c> to look, <c>agents:write</c> to change.</summary>
internal static class AgentsEndpoints
{
    /// <summary>Maps <c>/api/v1/agents</c>.</summary>
    public static void MapAgents(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/agents").WithTags("Agents").RequireAuthorization(Scopes.AgentsRead);
        read.MapGet("/", ListAgents.Handle).WithName("ListAgents").WithSummary("The agents this key may call, by name").WithDescription("`?archived=true` lists those that are put away instead.");
        read.MapGet("/{name}", ReadAgent.Handle).WithName("GetAgent").WithSummary("The active version of an agent").WithDescription("Of an archived one too (`archived`: true). The answer's `ETag`, sent back as `If-Match`, makes a change conditional on nobody having made another.");
        read.MapGet("/{name}/versions", ListVersions.Handle).WithName("ListAgentVersions").WithSummary("An agent's versions, newest first");
        read.MapGet("/{name}/versions/{version}", ReadAgent.HandleVersion).WithName("GetAgentVersion").WithSummary("One version of an agent");
        read.MapGet("/{name}/diff", CompareVersions.Handle).WithName("CompareAgentVersions").WithSummary("What two versions of an agent differ in");

        var write = api.MapGroup("/agents").WithTags("Agents").RequireAuthorization(Scopes.AgentsWrite);
        write.MapPost("/", MakeAgent.Handle).WithName("CreateAgent").WithSummary("Make an agent");
        write.MapPost("/{name}/versions", AddVersion.Handle).WithName("CreateAgentVersion").WithSummary("Add a version to an agent");
        write.MapPost("/{name}/activate", ActivateVersion.Handle).WithName("ActivateAgentVersion").WithSummary("Let a version answer: roll back, forward, or bring an archived agent back");
        write.MapDelete("/{name}", ArchiveAgent.Handle).WithName("ArchiveAgent").WithSummary("Archive an agent; its versions stay");
    }
}
