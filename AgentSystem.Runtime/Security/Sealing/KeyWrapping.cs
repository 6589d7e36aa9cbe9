using System.Text;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Wraps data keys under keys that derive from the root secret, and under the former one too while it is still given, so that processes of before can read on.</summary>
internal sealed class KeyWrapping(RootKey root)
{
    private const string Purpose = "key-wrapping";

    private readonly byte[] current = root.DeriveOwn(Purpose);
    private readonly byte[]? previous = root.Previous?.DeriveOwn(Purpose);

    /// <summary>The root secret's name.</summary>
    public string Root => root.Id;

    /// <summary>One key, wrapped for everybody who shall open it.</summary>
    public Func<int, IReadOnlyDictionary<string, byte[]>> ForNew(string tenant, byte[] key) => version =>
    {
        var wraps = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [root.Id] = Wrap(About(tenant, version), key) };
        if (root.Previous is not null)
        {
            wraps[root.Previous.Id] = Aead.Encrypt(previous!, key, About(tenant, version));
        }

        return wraps;
    };

    /// <summary>Under the root secret of now.</summary>
    public byte[] Wrap(WrappedKey wrapped, byte[] key) => Wrap(About(wrapped.Tenant, wrapped.Version), key);

    /// <summary>Whatever <paramref name="about"/> says it is, under the root secret of now.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> about, byte[] key) => Aead.Encrypt(current, key, about);

    /// <summary>The key, or why it cannot be had.</summary>
    public (byte[]? Key, SealFailure? Failure) Unwrap(WrappedKey wrapped)
    {
        var about = About(wrapped.Tenant, wrapped.Version);
        return Unwrap(wrapped.Wraps, about) is { } key
            ? (key, null)
            : (null, new SealFailure(SealFailureReason.OtherRoot, $"Data key {wrapped.Version} of tenant {wrapped.Tenant} is wrapped under root secret {string.Join(", ", wrapped.Wraps.Keys)}, this process has {root.Id}: "
                + "give every process the same AGENTSYSTEM_ROOT_KEY, and the one before as AGENTSYSTEM_ROOT_KEY_PREVIOUS."));
    }

    /// <summary>What is in any of the wraps; null when none is ours.</summary>
    public byte[]? Unwrap(IReadOnlyDictionary<string, byte[]> wraps, ReadOnlySpan<byte> about) =>
        (wraps.TryGetValue(root.Id, out var ours) ? Aead.Decrypt(current, ours, about) : null)
        ?? (root.Previous is { } former && wraps.TryGetValue(former.Id, out var before) ? Aead.Decrypt(previous!, before, about) : null);

    // A tenant's name has no slash.
    private static byte[] About(string tenant, int version) => Encoding.UTF8.GetBytes(FormattableString.Invariant($"data-key/{tenant}/{version}"));
}
