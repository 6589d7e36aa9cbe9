using AgentSystem.Api.Http;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Memory;

/// <summary><c>PATCH /api/v1/memory/{id}</c>: changes a memory, with <c>If-Match</c> only the version that was seen.</summary>
internal static class PatchMemory
{
    public static async Task<Results<Ok<MemoryView>, FailureResult>> Handle(string id, ChangeMemory body, HttpContext http, IMemoryRecords memories, CancellationToken cancellation)
    {
        var (expected, failure) = MemoryAccess.Expected(http);
        if ((failure ?? MemoryBodies.Refuse(body)) is { } refused)
        {
            return new FailureResult(refused);
        }

        if (!MemoryAccess.IsId(id))
        {
            return new FailureResult(MemoryAccess.NoSuchMemory);
        }

        var change = new MemoryChange(body.Strategy ?? MemoryStrategy.Replace)
        {
            Text = body.Text?.Trim(),
            ValidFrom = body.ValidFrom,
            ValidTo = body.ValidTo,
            Reopen = body.Reopen,
            Entities = body.Entities is null ? null : MemoryBodies.Things(body.Entities),
            Metadata = body.Metadata,
        };
        var verdict = await memories.ChangeAsync(MemoryAccess.Reach(http.Caller()), id, change, expected, cancellation);
        if (verdict.Done is not { } done)
        {
            return verdict.Refusal!.ToResult(http);
        }

        MemoryAccess.Tag(http, done.Version);
        return TypedResults.Ok(done);
    }
}
