using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Runs;

/// <summary>Which runs a key meets on these paths: a key bound to a user that user's, any other key (its scope lets it in at all) the whole tenant's.</summary>
internal static class RunAccess
{
    /// <summary>What the key sees and may steer.</summary>
    public static RunScope Of(Caller caller) => new(caller.Tenant, User(caller));

    /// <summary>The user whose things the key meets; null: everybody's of its tenant.</summary>
    public static string? User(Caller caller) => caller.BoundUser is null ? null : RequestUser.Name(caller, null);

    /// <summary>Also the answer to another tenant's run and to another user's: their existence is nobody's business.</summary>
    public static RunFailure NotFound(string id) => RunFailure.NotFound("run_not_found", $"There is no run \"{id}\".", "id");
}
