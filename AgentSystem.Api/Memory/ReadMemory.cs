using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Memory;

/// <summary><c>GET /api/v1/memory</c> (<c>?agent=</c>, <c>user</c>, <c>kind</c>, <c>thread_id</c>, <c>as_of</c>) and <c>/memory/{id}</c>.</summary>
internal static class ReadMemory
{
    public static async Task<Results<Ok<ListPage<MemoryView>>, FailureResult>> Handle(
        HttpContext http, IMemoryRecords memories, [AsParameters] MemoryListQuery query, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var (page, failure) = PageRequest.Read(http, MemoryAccess.IsId);
        var (asOf, wrongMoment) = MemoryAccess.Moment(query.AsOf, "as_of");
        failure ??= wrongMoment ?? MemoryAccess.RefuseName(query.Agent, "agent") ?? MemoryAccess.RefuseUser(caller, query.User) ?? MemoryAccess.RefuseName(query.ThreadId, "thread_id");
        MemoryKind? kind = null;
        if (query.Kind is not null)
        {
            if (Enum.TryParse<MemoryKind>(query.Kind, ignoreCase: true, out var named) && !char.IsAsciiDigit(query.Kind[0]))
            {
                kind = named;
            }
            else
            {
                failure ??= RunFailure.Invalid("invalid_value", "\"kind\" must be episodic, semantic, procedural or working.", "kind");
            }
        }

        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var rows = await memories.ListAsync(
            MemoryAccess.Reach(caller), new MemoryFilter(query.Agent, query.User is null ? null : MemoryAccess.Name(caller, query.User), kind, query.ThreadId, asOf, page!.After, page.Limit + 1), cancellation);
        return TypedResults.Ok(page.Page(rows, static memory => memory.Id));
    }

    public static async Task<Results<Ok<MemoryView>, FailureResult>> HandleOne(string id, HttpContext http, IMemoryRecords memories, CancellationToken cancellation)
    {
        if (!MemoryAccess.IsId(id) || await memories.FindAsync(MemoryAccess.Reach(http.Caller()), id, cancellation) is not { } memory)
        {
            return new FailureResult(MemoryAccess.NoSuchMemory);
        }

        MemoryAccess.Tag(http, memory.Version);
        return TypedResults.Ok(memory);
    }
}

/// <summary>What a list of memories is narrowed by.</summary>
internal sealed record MemoryListQuery(
    string? Agent = null, string? User = null, string? Kind = null, [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "thread_id")] string? ThreadId = null,
    [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "as_of")] string? AsOf = null, string? Limit = null, string? Cursor = null);
