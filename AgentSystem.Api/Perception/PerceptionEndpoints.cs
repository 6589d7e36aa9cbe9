using AgentSystem.Api.Http;
using AgentSystem.Api.Http.Audit;
using AgentSystem.Contracts.Perception;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Perception;

/// <summary>The route of perception. Who may talk to agents may have looked at what they would be sent: <c>chat</c>.</summary>
internal static class PerceptionEndpoints
{
    /// <summary>Maps <c>/api/v1/perception</c>.</summary>
    public static void MapPerception(this IEndpointRouteBuilder api)
    {
        api.MapGroup("/perception").WithTags("Perception").RequireAuthorization(Scopes.Chat)
            .MapPost("/", PerceiveParts.Handle).WithName("PerceiveParts").WithSummary("What texts, images and sounds are: parts as JSON, or files as multipart/form-data")
            .Accepts<Perceive>("application/json", "multipart/form-data").WithMetadata(HoldsParts.Mark).ThatOnlyReads();
    }
}
