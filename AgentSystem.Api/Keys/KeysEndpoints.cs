using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Keys;

/// <summary>Routes of keys; all need the scope <c>admin</c>.</summary>
internal static class KeysEndpoints
{
    /// <summary>Maps <c>/api/v1/keys</c>.</summary>
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys").RequireAuthorization(Scopes.Admin);
        keys.MapGet("/", ListKeys.Handle).WithName("ListKeys");
        keys.MapPost("/", MakeKey.Handle).WithName("CreateKey");
        keys.MapGet("/{id}", ListKeys.HandleOne).WithName("GetKey");
        keys.MapDelete("/{id}", RevokeKey.Handle).WithName("RevokeKey");
    }
}
