using AgentSystem.Api.Http;
using AgentSystem.Contracts.Keys;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Keys;

/// <summary><c>POST /api/v1/keys/admin/rotate</c>: a new admin key, shown once; the old one stops everywhere within seconds, also when it is the one that asks.</summary>
internal static class RotateAdminKey
{
    public static async Task<Results<Created<CreatedKey>, FailureResult>> Handle(HttpContext http, AdminKey admin, CancellationToken cancellation)
    {
        if (!KeyGrant.IsWhole(http.Caller()))
        {
            return new FailureResult(RunFailure.Forbidden("key_is_narrow", "The admin key may do everything, and this key is kept to a user, a team, some agents or some tools; use one that is not."));
        }

        if (await admin.RotateAsync(cancellation) is not { } created)
        {
            return new FailureResult(new RunFailure(409, "invalid_request_error", "key_is_configured", "The admin key is set by AGENTSYSTEM_ADMIN_KEY; give that variable another value and start again, and the old key is revoked."));
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created("/api/v1/keys/" + created.Id, created);
    }
}
