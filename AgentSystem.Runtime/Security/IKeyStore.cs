using AgentSystem.Contracts.Keys;

namespace AgentSystem.Runtime.Security;

/// <summary>Where keys are kept. Secrets never reach it: it is given keyed hashes.</summary>
public interface IKeyStore
{
    /// <summary>The key with this hash, revoked and expired ones too; null when there is none. Works before the tenant is known.</summary>
    Task<StoredKey?> FindByHashAsync(byte[] hash, CancellationToken cancellation);

    /// <summary>Keeps a new key.</summary>
    Task AddAsync(StoredKey key, CancellationToken cancellation);

    /// <summary>Keys of a tenant, newest first.</summary>
    Task<IReadOnlyList<KeyView>> ListAsync(string tenant, CancellationToken cancellation);

    /// <summary>A part of the same list.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="after">Id of the last key already shown; null: from the start.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<KeyView>> PageAsync(string tenant, string? after, int limit, CancellationToken cancellation);

    /// <summary>Marks a key revoked; false when the tenant has no such key. Revoking twice keeps the first time.</summary>
    Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Revokes every other key of that name in the tenant (the admin key was replaced).</summary>
    Task RevokeOthersNamedAsync(string tenant, string name, string exceptId, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Remembers when a key was last used; called at most once a minute per key.</summary>
    Task TouchAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellation);
}

/// <summary>A key as the store keeps it.</summary>
/// <param name="Hash">HMAC-SHA256 of the secret under the pepper; 32 bytes.</param>
/// <param name="View">Everything else.</param>
public sealed record StoredKey(byte[] Hash, KeyView View);
