using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Responses;

/// <summary>Which responses a key meets: those it made, a key bound to a user also that user's, an administrator's the whole tenant's.</summary>
internal static class ResponseAccess
{
    /// <summary>What the key sees.</summary>
    public static ResponseScope Of(Caller caller) => new(
        caller.Tenant, caller.Has(Scopes.Admin) && caller.BoundUser is null ? null : caller.KeyId, caller.BoundUser is null ? null : RequestUser.Name(caller, null));

    /// <summary>The same for all reasons.</summary>
    public static RunFailure NotFound(string id) => RunFailure.NotFound("response_not_found", $"There is no response \"{Http.JsonPlace.Shorten(id, Http.JsonPlace.MaxShown)}\" that this key may see.", "response_id");
}
