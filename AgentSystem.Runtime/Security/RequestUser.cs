using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security;

/// <summary>On whose behalf a request is: whose memory, cache and threads it meets.</summary>
public static class RequestUser
{
    /// <summary>Why a name is refused, and what helps.</summary>
    public const string ReservedMessage = "\"user\" must not begin with \"key:\", which is how a key that is its own user is shown; choose another name.";

    private const string Named = "user:";
    private const string Key = "key:";

    /// <summary>True for a name no user may have: shown in a list, it could not be told from a key.</summary>
    public static bool IsReserved(string user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.StartsWith(Key, StringComparison.Ordinal);
    }

    /// <summary>
    /// The user the key is bound to, or else the one the request names, or else the key itself.
    /// The prefixes (<c>user:</c>, <c>key:</c>) keep a key's id from meeting a user of that name.
    /// </summary>
    public static string Name(Caller caller, string? named)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return (caller.BoundUser ?? named) is { Length: > 0 } user ? Named + user : Key + caller.KeyId;
    }
}
