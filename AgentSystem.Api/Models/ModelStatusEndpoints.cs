using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Models;

/// <summary>Routes of the models as the platform has them: reading needs <c>agents:read</c>, changing <c>admin</c> of the tenant that runs the platform.</summary>
internal static class ModelStatusEndpoints
{
    /// <summary>Maps <c>/api/v1/models</c> and <c>/api/v1/breakers</c>.</summary>
    public static void MapModelStatus(this IEndpointRouteBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapGet("/", GetModelStatus.HandleList).WithName("ListConfiguredModels").WithSummary("The configured models").RequireAuthorization(Scopes.AgentsRead);
        models.MapGet("/{name}", GetModelStatus.Handle).WithName("GetModelStatus").WithSummary("A model and how it does").RequireAuthorization(Scopes.AgentsRead);
        models.MapPost("/{name}/load", LoadModel.Handle).WithName("LoadModel").WithSummary("Load a model, again if it failed before").RequireAuthorization(Scopes.Admin).RequirePlatformOwner();
        models.MapPost("/{name}/try", AskModel.Handle).WithName("TryModel").WithSummary("Ask the bare model one question, measured").RequireAuthorization(Scopes.Admin).RequirePlatformOwner();
        models.MapPost("/{name}/breaker", TurnBreaker.Handle).WithName("SetModelBreaker").WithSummary("Open or close a model's breaker by hand").RequireAuthorization(Scopes.Admin).RequirePlatformOwner();
        api.MapGet("/breakers", TurnBreaker.HandleList).WithTags("Models").WithName("ListBreakers").WithSummary("Every breaker and its state").RequireAuthorization(Scopes.AgentsRead);
    }
}
