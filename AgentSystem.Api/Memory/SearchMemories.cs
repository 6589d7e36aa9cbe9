using AgentSystem.Api.Http;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Memory.Retrieval;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Memory;

/// <summary><c>POST /api/v1/memory/search</c>: finds memories by several strategies and says why each was found.</summary>
internal static class SearchMemories
{
    public static async Task<Results<Ok<MemoryFound>, FailureResult>> Handle(SearchMemory body, HttpContext http, MemorySearch search, IAgentStore agents, CancellationToken cancellation)
    {
        if (MemoryBodies.Refuse(body) is { } refused)
        {
            return new FailureResult(refused);
        }

        var (scope, failure) = await MemoryAccess.ScopeAsync(http.Caller(), body.Agent, body.User, agents, cancellation);
        return scope is null
            ? new FailureResult(failure!)
            : TypedResults.Ok(await search.FindAsync(
                new MemoryQuestion(scope, body.Query, body.Limit)
                {
                    Strategies = body.Strategies,
                    AsOf = body.AsOf,
                    KnownAt = body.KnownAt,
                    From = body.From,
                    To = body.To,
                    Kinds = body.Kinds,
                    ThreadId = body.ThreadId,
                },
                cancellation));
    }
}
