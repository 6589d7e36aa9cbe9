using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Models;

/// <summary><c>GET /v1/models</c>: the agents a key may call, and the bare models as <c>model:&lt;name&gt;</c>.</summary>
internal static class ListModels
{
    private const string Bare = "model:";

    public static async Task<Ok<OpenAIList>> Handle(HttpContext http, IAgentStore agents, IModelDirectory models, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var mine = (await agents.NamesAsync(caller.Tenant, caller.Agents.Contains("*") ? null : caller.Agents, cancellation))
            .Select(agent => new OpenAIModel(agent.Name, "model", agent.CreatedAt.ToUnixTimeSeconds(), "agentsystem"));
        var bare = models.Models.Where(m => caller.MayCall(Bare + m.Name)).Select(m => new OpenAIModel(Bare + m.Name, "model", 0, m.Provider));
        return TypedResults.Ok(new OpenAIList("list", [.. mine, .. bare]));
    }

    /// <summary><c>GET /v1/models/{id}</c>.</summary>
    public static async Task<Results<Ok<OpenAIModel>, FailureResult>> HandleOne(string id, HttpContext http, IAgentStore agents, IModelDirectory models, CancellationToken cancellation)
    {
        var all = (await Handle(http, agents, models, cancellation)).Value!;
        return all.Data.FirstOrDefault(m => m.Id == id) is { } found
            ? TypedResults.Ok(found)
            : new FailureResult(Runtime.Pipeline.RunFailure.NotFound("model_not_found", $"There is no agent or model \"{id}\" that this key may call; GET /v1/models lists those it may.", "id"));
    }

    /// <summary>Maps both.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/models").WithTags("OpenAI").RequireAuthorization(Scopes.Chat);
        group.MapGet("/", Handle).WithName("ListModels").WithSummary("Agents this key may call, and bare models");
        group.MapGet("/{id}", HandleOne).WithName("GetModel").WithSummary("One agent or model");
    }
}

/// <summary>OpenAI's list envelope.</summary>
internal sealed record OpenAIList(string Object, IReadOnlyList<OpenAIModel> Data);

/// <summary>OpenAI's model object.</summary>
/// <param name="Created">Seconds since 1970 when the agent was made; 0 for a bare model, of which nobody here knows.</param>
internal sealed record OpenAIModel(string Id, string Object, long Created, string OwnedBy);
