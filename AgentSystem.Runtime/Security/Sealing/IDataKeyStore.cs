namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Where data keys are kept, wrapped.</summary>
internal interface IDataKeyStore
{
    /// <summary>One version of a tenant's data key; null when there is none.</summary>
    Task<WrappedKey?> FindAsync(string tenant, int version, CancellationToken cancellation);

    /// <summary>The newest version, without a right to seal; null when the tenant has none.</summary>
    Task<WrappedKey?> NewestAsync(string tenant, CancellationToken cancellation);

    /// <summary>
    /// The right to seal <paramref name="seals"/> times: counted at the newest version, or, where it would have sealed more than <paramref name="most"/> times or there is none, at a new one.
    /// However many ask at the same moment, in any process, no version is counted beyond <paramref name="most"/>.
    /// </summary>
    Task<WrappedKey> ReserveAsync(string tenant, long seals, long most, Func<int, IReadOnlyDictionary<string, byte[]>> wrap, CancellationToken cancellation);

    /// <summary>Keys of any tenant that are not wrapped under a root secret, at most <paramref name="most"/>.</summary>
    Task<IReadOnlyList<WrappedKey>> WithoutAsync(string root, int most, CancellationToken cancellation);

    /// <summary>Adds wraps to keys that are there.</summary>
    Task WrapAsync(string root, IReadOnlyCollection<(WrappedKey Key, byte[] Wrapped)> wraps, CancellationToken cancellation);

    /// <summary>Removes every wrap under another root secret from keys that are wrapped under this one.</summary>
    Task ForgetOthersAsync(string root, CancellationToken cancellation);
}

/// <summary>A data key as it is kept.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Version">From 1 on.</param>
/// <param name="Wraps">The same key, sealed under each root secret that may open it, by <see cref="RootKey.Id"/>.</param>
internal sealed record WrappedKey(string Tenant, int Version, IReadOnlyDictionary<string, byte[]> Wraps);

/// <summary>A data key that can be used.</summary>
internal sealed record DataKey(int Version, byte[] Key);
