using AgentSystem.Api.Http;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Threads;

/// <summary><c>GET /api/v1/threads/{id}</c>.</summary>
internal static class GetThread
{
    public static async Task<Results<Ok<ThreadView>, FailureResult>> Handle(string id, HttpContext http, IThreadStore threads, CancellationToken cancellation) =>
        await threads.FindAsync(ThreadAccess.Of(http.Caller()), id, cancellation) is { } thread
            ? TypedResults.Ok(thread)
            : new FailureResult(ThreadFailures.NotFound(id));
}
