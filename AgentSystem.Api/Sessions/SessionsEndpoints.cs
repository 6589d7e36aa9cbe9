using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Sessions;

/// <summary>Routes of the state agents keep.</summary>
internal static class SessionsEndpoints
{
    private const string MediaType = "application/problem+json";

    /// <summary>Maps <c>/api/v1/state</c>.</summary>
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        var state = api.MapGroup("/state").WithTags("State");
        state.MapGet("/", ListSessions.Handle).WithName("ListSessions").WithSummary("Sessions that have state, by agent and name")
            .WithDescription("`?agent=` and `?prefix=` narrow the list. `?limit=` and `?cursor=` page.").RequireAuthorization(Scopes.StateRead);
        state.MapGet("/{agent}/{session}", ReadState.Handle).WithName("GetState").WithSummary("A session's state")
            .WithDescription("`?key=` gives one value. The answer is not older than the last acknowledged strong update; `?consistency=eventual` does without that proof, `?token=` sees the eventual update that answered with it. The `ETag` is the version.")
            .RequireAuthorization(Scopes.StateRead);
        state.MapPatch("/{agent}/{session}", ChangeState.Handle).WithName("UpdateState").WithSummary("Change keys of a session, all or none")
            .WithDescription("With `If-Match` only at that version, 412 otherwise; `on_conflict` names a rule instead. With `Idempotency-Key` the change is made once however often it is sent. `merge` on what is no object and `append` on what is no list answer 422.")
            .Produces<Problem>(412, MediaType).Produces<Problem>(422, MediaType).RequireAuthorization(Scopes.StateWrite);
        state.MapDelete("/{agent}/{session}", DeleteState.Handle).WithName("DeleteState").WithSummary("Remove a key, or a session with all its keys")
            .WithDescription("`?key=` removes that key. With `If-Match` only at that version.").Produces<Problem>(412, MediaType).RequireAuthorization(Scopes.StateWrite);
        state.MapGet("/conflicts", ListConflicts.Handle).WithName("ListConflicts").WithSummary("Two values for one key, the newest first")
            .WithDescription("Those that wait for a person; `?status=resolved` or `all` shows the others. `?agent=` narrows, `?limit=` and `?cursor=` page.").RequireAuthorization(Scopes.StateRead);
        state.MapPost("/conflicts/{id}/resolve", ResolveOne.Handle).WithName("ResolveConflict").WithSummary("Decide a conflict")
            .Produces<Problem>(409, MediaType).Produces<Problem>(412, MediaType).Produces<Problem>(422, MediaType).RequireAuthorization(Scopes.StateWrite);
    }
}
