using AgentSystem.Api.Http;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Memory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Memory;

/// <summary><c>POST /api/v1/memory</c>: keeps a memory and says where it is.</summary>
internal static class KeepMemory
{
    public static async Task<Results<Created<MemoryStored>, FailureResult>> Handle(CreateMemory body, HttpContext http, IMemoryRecords memories, IAgentStore agents, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (MemoryBodies.Refuse(body) is { } refused)
        {
            return new FailureResult(refused);
        }

        var (scope, failure) = await MemoryAccess.ScopeAsync(caller, body.Agent, body.User, agents, cancellation);
        if (scope is null)
        {
            return new FailureResult(failure!);
        }

        var draft = new MemoryDraft(body.Kind, body.Text.Trim(), MemoryTrust.Stated, new MemorySource(caller.KeyId, body.Source?.RunId, body.Source?.Turn, body.Source?.Tool))
        {
            ThreadId = body.ThreadId,
            ValidFrom = body.ValidFrom,
            ValidTo = body.ValidTo,
            ExpiresAt = body.ExpiresAt,
            Entities = MemoryBodies.Things(body.Entities),
            Relations = body.Relations ?? [],
        };
        var stored = await memories.WriteAsync(scope, body.Metadata is null ? draft : draft with { Metadata = body.Metadata }, cancellation);
        MemoryAccess.Tag(http, stored.Version);
        return TypedResults.Created($"/api/v1/memory/{stored.Id}", stored);
    }
}
