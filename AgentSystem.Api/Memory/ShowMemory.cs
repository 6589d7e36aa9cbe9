using AgentSystem.Api.Http;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AgentSystem.Api.Memory;

/// <summary><c>GET /api/v1/memory/graph</c> and <c>/memory/index</c>: what memories name and what connects it, and how far the index is.</summary>
internal static class ShowMemory
{
    private const int MostNodes = 60;

    public static async Task<Results<Ok<MemoryGraph>, FailureResult>> HandleGraph(
        HttpContext http, IMemoryRecords memories, IAgentStore agents, TimeProvider time, CancellationToken cancellation, string? agent = null, string? user = null, [FromQuery(Name = "as_of")] string? asOf = null)
    {
        if (agent is null)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", "\"agent\" is missing: name the agent whose memory is drawn.", "agent"));
        }

        var (moment, wrong) = MemoryAccess.Moment(asOf, "as_of");
        var (scope, failure) = wrong is not null ? (null, wrong) : await MemoryAccess.ScopeAsync(http.Caller(), agent, user, agents, cancellation);
        return scope is null ? new FailureResult(failure!) : TypedResults.Ok(await memories.GraphAsync(scope, moment ?? time.GetUtcNow(), MostNodes, cancellation));
    }

    public static async Task<Ok<MemoryIndexView>> HandleIndex(HttpContext http, IMemoryIndexStatus status, CancellationToken cancellation) =>
        TypedResults.Ok(await status.LookAsync(http.Caller().Tenant, cancellation));
}
