using AgentSystem.Api.Http;
using AgentSystem.Api.Http.Idempotency;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Keys;

/// <summary>Routes of keys; all need the scope <c>admin</c>.</summary>
internal static class KeysEndpoints
{
    /// <summary>Maps <c>/api/v1/keys</c>.</summary>
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys").RequireAuthorization(Scopes.Admin);
        keys.MapGet("/", ListKeys.Handle).WithName("ListKeys").WithSummary("The tenant's keys, without their secrets");
        keys.MapPost("/", MakeKey.Handle).WithName("CreateKey").WithSummary("Make a key; its secret is shown once").WithShownOnce("key");
        keys.MapPost("/admin/rotate", RotateAdminKey.Handle).WithName("RotateAdminKey").WithSummary("Replace the admin key; the new one is shown once").WithShownOnce("key").RequirePlatformOwner();
        keys.MapGet("/{id}", ListKeys.HandleOne).WithName("GetKey").WithSummary("One key");
        keys.MapDelete("/{id}", RevokeKey.Handle).WithName("RevokeKey").WithSummary("Revoke a key");
    }
}
