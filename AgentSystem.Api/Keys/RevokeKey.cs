using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Keys;

/// <summary><c>DELETE /api/v1/keys/{id}</c>: the key stops working everywhere within seconds; its row stays for the record.</summary>
internal static class RevokeKey
{
    public static async Task<Results<NoContent, FailureResult>> Handle(string id, HttpContext http, IKeyStore keys, TimeProvider time, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (id == caller.KeyId)
        {
            return new FailureResult(new RunFailure(409, "invalid_request_error", "key_in_use", "A key cannot revoke itself; use another admin key."));
        }

        return await keys.RevokeAsync(caller.Tenant, id, time.GetUtcNow(), cancellation)
            ? TypedResults.NoContent()
            : new FailureResult(ListKeys.NoSuchKey(id));
    }
}
