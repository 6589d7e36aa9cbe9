namespace AgentSystem.Runtime.Sessions;

/// <summary>Users as people read them.</summary>
internal static class SessionUser
{
    private const string Named = "user:";

    /// <summary>The bare name of a named user; <c>key:</c> and its id where a key is the user.</summary>
    public static string Shown(string user) => user.StartsWith(Named, StringComparison.Ordinal) ? user[Named.Length..] : user;
}
