using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;

namespace AgentSystem.Api.Threads;

/// <summary>Which threads a key meets on these paths: a key bound to a user that user's, any other key (its scope lets it in at all) the whole tenant's.</summary>
internal static class ThreadAccess
{
    /// <summary>What the key sees and may change.</summary>
    public static ThreadScope Of(Caller caller) => new(caller.Tenant, caller.BoundUser is null ? null : RequestUser.Name(caller, null));

    /// <summary>Null when the key may begin something for that user; a list, on the other hand, may be asked for what it shows, keys included.</summary>
    public static RunFailure? RefuseNew(Caller caller, string? user, int longest) => Refuse(caller, user, longest)
        ?? (user is not null && RequestUser.IsReserved(user) ? RunFailure.Invalid("invalid_value", RequestUser.ReservedMessage, "user") : null);

    /// <summary>Null when the key may speak for that user.</summary>
    public static RunFailure? Refuse(Caller caller, string? user, int longest)
    {
        if (user is null)
        {
            return null;
        }

        if (user.Length == 0 || user.Length > longest || user.Contains('\0', StringComparison.Ordinal))
        {
            return RunFailure.Invalid("invalid_value", $"\"user\" must have 1 to {longest} characters, none of them U+0000.", "user");
        }

        return caller.BoundUser is { } bound && user != bound
            ? RunFailure.Forbidden("user_not_allowed", "This key is bound to one user and cannot speak for another; leave \"user\" out.", "user")
            : null;
    }
}
