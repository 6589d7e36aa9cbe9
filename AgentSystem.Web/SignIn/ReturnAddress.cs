namespace AgentSystem.Web.SignIn;

/// <summary>Where to go after signing in: a path on this host, or the front page.</summary>
internal static class ReturnAddress
{
    public const string Home = "/";

    /// <summary>Accepts <c>/path</c>; refuses other hosts in all their spellings (<c>//host</c>, <c>/\host</c>, <c>https://host</c>) and control characters.</summary>
    public static string Local(string? wanted)
    {
        var local = wanted is ['/', ..] && wanted is not ['/', '/' or '\\', ..] && !wanted.Any(char.IsControl);
        return local && !wanted!.StartsWith(SignInHostExtensions.SignInPath, StringComparison.OrdinalIgnoreCase) ? wanted : Home;
    }
}
