using AgentSystem.Api.Http;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Agents;

/// <summary>What the registry refuses, as an answer.</summary>
internal static class AgentFailureResults
{
    /// <summary>The refusal in the surface's form.</summary>
    public static FailureResult ToResult(this AgentRefusal refusal) => new(new RunFailure(
        refusal.Status, refusal.Status == StatusCodes.Status403Forbidden ? "permission_error" : "invalid_request_error", refusal.Code, refusal.Message, refusal.Member));
}
