using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security;

/// <summary>On whose behalf a request is: whose memory, cache and threads it meets.</summary>
public static class RequestUser
{
    /// <summary>
    /// The user the key is bound to, or else the one the request names, or else the key itself.
    /// The prefixes (<c>user:</c>, <c>key:</c>) keep a key's id from meeting a user of that name.
    /// </summary>
    public static string Name(Caller caller, string? named)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return (caller.BoundUser ?? named) is { Length: > 0 } user ? "user:" + user : "key:" + caller.KeyId;
    }
}
