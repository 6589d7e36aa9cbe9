using AgentSystem.Contracts.Keys;

namespace AgentSystem.Web.SignIn;

/// <summary>Which of the listed keys somebody is signed in with.</summary>
internal static class OwnKey
{
    private const string Start = "as-";
    private const string TokenStart = "eyJ";

    /// <summary>Id of the key with that secret. A list shows beginnings of keys only, and none of one the operator chose: null where more than one could be it.</summary>
    public static string? Find(IEnumerable<KeyView> keys, string? secret)
    {
        // Whoever came by single sign-on has a token, and no key at all.
        if (secret is null || secret.StartsWith(TokenStart, StringComparison.Ordinal))
        {
            return null;
        }

        var generated = secret.StartsWith(Start, StringComparison.Ordinal);
        var candidates = keys.Where(key => key.RevokedAt is null && (key.Prefix.StartsWith(Start, StringComparison.Ordinal)
            ? secret.StartsWith(key.Prefix, StringComparison.Ordinal)
            : !generated)).Take(2).ToArray();
        return candidates is [var only] ? only.Id : null;
    }
}
