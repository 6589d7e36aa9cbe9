using AgentSystem.Api.Http;
using AgentSystem.Runtime.Memory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Memory;

/// <summary><c>DELETE /api/v1/memory/{id}</c>: the text is gone at once and everywhere; id and times stay.</summary>
internal static class ForgetMemory
{
    public static async Task<Results<NoContent, FailureResult>> Handle(string id, HttpContext http, IMemoryRecords memories, CancellationToken cancellation) =>
        MemoryAccess.IsId(id) && await memories.ForgetAsync(MemoryAccess.Reach(http.Caller()), id, cancellation)
            ? TypedResults.NoContent()
            : new FailureResult(MemoryAccess.NoSuchMemory);
}
