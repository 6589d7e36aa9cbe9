using AgentSystem.Api.Http.Audit;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Memory;

/// <summary>Routes of memory: reading and searching need <c>memory:read</c>, keeping, changing and forgetting <c>memory:write</c>.</summary>
internal static class MemoryEndpoints
{
    /// <summary>Maps <c>/api/v1/memory</c>.</summary>
    public static void MapMemory(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/memory").WithTags("Memory").RequireAuthorization(Scopes.MemoryRead);
        read.MapGet("/", ReadMemory.Handle).WithName("ListMemories").WithSummary("Memories, newest first");
        read.MapGet("/{id}", ReadMemory.HandleOne).WithName("GetMemory").WithSummary("One memory with its history");
        read.MapGet("/graph", ShowMemory.HandleGraph).WithName("GetMemoryGraph").WithSummary("What memories name and what connects it");
        read.MapGet("/index", ShowMemory.HandleIndex).WithName("GetMemoryIndex").WithSummary("How far the index is");
        read.MapGet("/erasures", EraseUser.HandleList).WithName("ListErasures").WithSummary("Receipts of erasures, newest first");
        read.MapGet("/erasures/{id}", EraseUser.HandleOne).WithName("GetErasure").WithSummary("The receipt of an erasure");
        read.MapPost("/search", SearchMemories.Handle).WithName("SearchMemories").WithSummary("Memories that answer a query, with why").ThatOnlyReads();

        var write = api.MapGroup("/memory").WithTags("Memory").RequireAuthorization(Scopes.MemoryWrite);
        write.MapPost("/", KeepMemory.Handle).WithName("CreateMemory").WithSummary("Keep a memory");
        write.MapPatch("/{id}", PatchMemory.Handle).WithName("UpdateMemory").WithSummary("Change a memory under its version");
        write.MapDelete("/{id}", ForgetMemory.Handle).WithName("DeleteMemory").WithSummary("Forget a memory");
        write.MapPost("/erasures", EraseUser.Handle).WithName("CreateErasure").WithSummary("Erase everything of a user, with a signed receipt");
    }
}
