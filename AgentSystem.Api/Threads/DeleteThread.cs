using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Threads;

/// <summary><c>DELETE /api/v1/threads/{id}</c>: the thread and its messages are gone for good.</summary>
internal static class DeleteThread
{
    public static async Task<Results<NoContent, FailureResult>> Handle(string id, HttpContext http, IThreadStore threads, CancellationToken cancellation) =>
        await threads.DeleteAsync(ThreadAccess.Of(http.Caller()), id, cancellation)
            ? TypedResults.NoContent()
            : new FailureResult(ThreadFailures.NotFound(id));
}
