using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Threads;

namespace AgentSystem.Api.Threads;

/// <summary>Routes of conversations.</summary>
internal static class ThreadsEndpoints
{
    /// <summary>Maps <c>/api/v1/threads</c>.</summary>
    public static void MapThreads(this IEndpointRouteBuilder api)
    {
        var threads = api.MapGroup("/threads").WithTags("Threads");
        threads.MapPost("/", StartThread.Handle).WithName("CreateThread").WithSummary("Begin a thread")
            .WithDescription("With `agent` it is held with that agent only. Without `user` it is the key's own.").RequireAuthorization(Scopes.ThreadsWrite);
        threads.MapGet("/", ListThreads.Handle).WithName("ListThreads").WithSummary("Threads, the newest first")
            .WithDescription("`?agent=` and `?user=` narrow the list; `?q=` searches titles and messages (quotes for a phrase, `or`, a minus for a word that must not be there). `?limit=` and `?cursor=` page.")
            .RequireAuthorization(Scopes.ThreadsRead);
        threads.MapGet("/{id}", GetThread.Handle).WithName("GetThread").WithSummary("One thread").RequireAuthorization(Scopes.ThreadsRead);
        threads.MapPatch("/{id}", ChangeThread.Handle).WithName("UpdateThread").WithSummary("Change a thread's title or metadata").RequireAuthorization(Scopes.ThreadsWrite);
        threads.MapDelete("/{id}", DeleteThread.Handle).WithName("DeleteThread").WithSummary("Remove a thread and its messages for good").RequireAuthorization(Scopes.ThreadsWrite);
        threads.MapGet("/{id}/messages", ListMessages.Handle).WithName("ListThreadMessages").WithSummary("A thread's messages")
            .WithDescription("The oldest first; `?order=desc` begins with the newest. `?limit=` and `?cursor=` page.").RequireAuthorization(Scopes.ThreadsRead);
        threads.MapPost("/{id}/messages", AddThreadMessage.Handle).WithName("AddThreadMessage").WithSummary("Add a message without running an agent").RequireAuthorization(Scopes.ThreadsWrite);
        threads.MapGet("/{id}/export", ExportThread.Handle).WithName("ExportThread").WithSummary("A whole thread as a file")
            .Produces<ThreadExport>().RequireAuthorization(Scopes.ThreadsRead);
    }
}
