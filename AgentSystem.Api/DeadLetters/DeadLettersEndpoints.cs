using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.DeadLetters;

/// <summary>Routes of what could not be done.</summary>
internal static class DeadLettersEndpoints
{
    /// <summary>Maps <c>/api/v1/dead-letters</c>.</summary>
    public static void MapDeadLetters(this IEndpointRouteBuilder api)
    {
        var dead = api.MapGroup("/dead-letters").WithTags("Dead letters");
        dead.MapGet("/", ListDeadLetters.Handle).WithName("ListDeadLetters").WithSummary("Runs and webhook messages that were given up")
            .WithDescription("Runs first, then messages; `?kind=run` or `?kind=webhook` gives one of the two. `?limit=` and `?cursor=` page.").RequireAuthorization(Scopes.RunsRead);
        dead.MapPost("/{id}/retry", SettleDeadLetter.Retry).WithName("RetryDeadLetter").WithSummary("Try it anew, from the first attempt").RequireAuthorization(Scopes.RunsWrite);
        dead.MapDelete("/{id}", SettleDeadLetter.Discard).WithName("DiscardDeadLetter").WithSummary("Leave it undone").RequireAuthorization(Scopes.RunsWrite);
    }
}
