namespace AgentSystem.Runtime.Memory;

/// <summary>Users as runs name them, and as people read them.</summary>
public static class MemoryUser
{
    private const string Named = "user:";
    private const string Key = "key:";

    /// <summary>The bare name of a named user; <c>key:</c> and its id where a key is the user.</summary>
    public static string Shown(string user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.StartsWith(Named, StringComparison.Ordinal) ? user[Named.Length..] : user;
    }

    /// <summary>The user somebody asks for by what <see cref="Shown"/> showed.</summary>
    public static string Asked(string shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return shown.StartsWith(Key, StringComparison.Ordinal) ? shown : Named + shown;
    }
}
