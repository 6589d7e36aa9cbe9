using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Keys;

/// <summary>The first key. Given by the operator, it is taken as it is and replaces the old one; otherwise one is made at the first start.</summary>
internal sealed class AdminKey(IKeyStore keys, KeySecrets secrets, TimeProvider time, IConfiguration configuration)
{
    /// <summary>Fewest characters of a key an operator chooses.</summary>
    public const int MinimumLength = 32;

    private const string Variable = "AGENTSYSTEM_ADMIN_KEY";

    /// <summary>The name the first key has; no other key may take it.</summary>
    public const string Name = "admin";

    private const int MaximumLength = 512;

    /// <summary>Makes sure there is an admin key.</summary>
    /// <returns>The secret when one was made now; null when there was one, or the operator gave it.</returns>
    /// <exception cref="ArgumentException">The operator's key is too short.</exception>
    public async Task<string?> EnsureAsync(CancellationToken cancellation)
    {
        if (configuration[Variable] is { Length: > 0 } given)
        {
            if (given.Length is < MinimumLength or > MaximumLength || given.Any(c => c is <= ' ' or > '~'))
            {
                throw new ArgumentException($"{Variable} must have {MinimumLength} to {MaximumLength} visible ASCII characters without spaces; it has {given.Length} characters.");
            }

            await TakeAsync(given, cancellation);
            return null;
        }

        var existing = await keys.ListAsync(Tenants.Default, cancellation);
        if (existing.Any(IsAdmin))
        {
            return null;
        }

        var secret = KeySecrets.Create();
        await AddAsync(secret, cancellation);
        return secret;
    }

    private bool IsAdmin(KeyView key) =>
        key.Name == Name && key.Scopes.Contains(Scopes.Admin) && key.RevokedAt is null && (key.ExpiresAt is null || key.ExpiresAt > time.GetUtcNow());

    private async Task TakeAsync(string given, CancellationToken cancellation)
    {
        var known = await keys.FindByHashAsync(secrets.Hash(given), cancellation);
        if (known is not null && !IsAdmin(known.View))
        {
            throw new ArgumentException($"{Variable} holds a key that was revoked, has expired or is not the admin key; choose a new one.");
        }

        var id = known?.View.Id ?? await AddAsync(given, cancellation);
        await keys.RevokeOthersNamedAsync(Tenants.Default, Name, id, time.GetUtcNow(), cancellation);
    }

    private async Task<string> AddAsync(string secret, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var view = new KeyView(
            "key_" + Guid.CreateVersion7(now).ToString("N"), Name, KeySecrets.Prefix(secret), Tenants.Default, null, null,
            [Scopes.Admin], ["*"], ["*"], KeyLimits.None, now, null, null, null);
        await keys.AddAsync(new StoredKey(secrets.Hash(secret), view), cancellation);
        return view.Id;
    }
}
