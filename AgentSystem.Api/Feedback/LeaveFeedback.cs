using AgentSystem.Api.Http;
using AgentSystem.Contracts.Feedback;
using AgentSystem.Contracts.Security;
using AgentSystem.Control.Behavior;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Feedback;

/// <summary><c>POST /api/v1/feedback</c>: what a person thought of an answer.</summary>
internal static class LeaveFeedback
{
    private const int MaxComment = 4_000;
    private const int MaxRunId = 100;

    public static async Task<Results<Created<FeedbackView>, FailureResult>> Handle(
        GiveFeedback body, HttpContext http, IFeedbackStore feedback, IAgentStore agents, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var refused = body switch
        {
            { Rating: < 1 or > 5 } => RunFailure.Invalid("invalid_value", "\"rating\" must be from 1 (bad) to 5 (good).", "rating"),
            { Comment.Length: > MaxComment } => RunFailure.Invalid("invalid_value", $"\"comment\" must have at most {MaxComment} characters.", "comment"),
            { RunId.Length: > MaxRunId } => RunFailure.Invalid("invalid_value", $"\"run_id\" must have at most {MaxRunId} characters.", "run_id"),
            _ => null,
        };
        if (refused is not null)
        {
            return new FailureResult(refused);
        }

        if (!caller.MayCall(body.Agent) || await agents.FindAsync(caller.Tenant, body.Agent, cancellation) is null)
        {
            return new FailureResult(RunFailure.NotFound("agent_not_found", $"There is no agent \"{body.Agent}\".", "agent"));
        }

        var kept = await feedback.AddAsync(caller.Tenant, body, cancellation);
        return TypedResults.Created((string?)null, kept);
    }

    /// <summary>Maps it. A key that may chat may also say how it went.</summary>
    public static void MapFeedback(this IEndpointRouteBuilder api) =>
        api.MapPost("/feedback", Handle).WithTags("Feedback").WithName("GiveFeedback").WithSummary("Say what an answer was worth").RequireAuthorization(Policies.FeedbackOrChat);
}
