using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Memory;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Erasure;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Memory;

/// <summary><c>POST /api/v1/memory/erasures</c>: everything of a user goes, and a receipt is given; <c>GET</c> gives receipts again.</summary>
internal static class EraseUser
{
    private static readonly RunFailure NoSuchReceipt = RunFailure.NotFound("erasure_not_found", "There is no erasure with this id.", "id");

    public static async Task<Results<Created<ErasureReceipt>, FailureResult>> Handle(EraseMemory body, HttpContext http, ErasureDesk desk, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (MemoryAccess.RefuseUser(caller, body.User) is { } refused)
        {
            return new FailureResult(refused);
        }

        // It reaches runs, responses and threads: whoever is not the user needs more than the right to write memories.
        if (caller.BoundUser is null && !caller.Has(Scopes.Admin))
        {
            return new FailureResult(RunFailure.Forbidden("erasure_not_allowed", "An erasure reaches runs, responses and threads: use a key with the scope admin, or one that is bound to the user.", "user"));
        }

        var receipt = await desk.EraseAsync(caller.Tenant, body.User, caller.KeyId, body.Include?.Contains(ErasureExtra.Threads) == true, cancellation);
        return TypedResults.Created($"/api/v1/memory/erasures/{receipt.Id}", receipt);
    }

    public static async Task<Results<Ok<ErasureReceipt>, FailureResult>> HandleOne(string id, HttpContext http, ErasureDesk desk, CancellationToken cancellation) =>
        MemoryAccess.IsReceipt(id) && await desk.FindAsync(http.Caller().Tenant, id, http.Caller().BoundUser, cancellation) is { } receipt
            ? TypedResults.Ok(receipt)
            : new FailureResult(NoSuchReceipt);

    public static async Task<Results<Ok<ListPage<ErasureReceipt>>, FailureResult>> HandleList(
        HttpContext http, ErasureDesk desk, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var caller = http.Caller();
        var (page, failure) = PageRequest.Read(http, MemoryAccess.IsReceipt);
        failure ??= caller.BoundUser is null ? null : RunFailure.Forbidden("user_not_allowed", "This key is bound to one user; ask for a receipt by its id.");
        return failure is not null
            ? new FailureResult(failure)
            : TypedResults.Ok(page!.Page(await desk.ListAsync(caller.Tenant, page.After, page.Limit + 1, cancellation), static receipt => receipt.Id));
    }
}
