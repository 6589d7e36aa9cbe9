using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Security;

/// <summary>
/// The root secret from which every other secret is derived (HKDF-SHA256, RFC 5869), one per purpose, so that no two purposes share key material. When it is replaced, what must outlive it
/// (the pepper of keys, subjects of the audit log) goes on deriving from the first one, which the database keeps wrapped under the one of now.
/// </summary>
public sealed class RootKey
{
    /// <summary>Fewest characters accepted: 32 random characters carry more than 128 bits.</summary>
    public const int MinimumLength = 32;

    private const int DerivedBytes = 32;
    private const int IdBytes = 8;
    private readonly ConcurrentDictionary<string, byte[]> fixedPurposes = new(StringComparer.Ordinal);
    private volatile byte[] first;

    /// <summary>Takes the secret as given.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="previous">The one before, while it is being replaced.</param>
    /// <exception cref="ArgumentException">One is shorter than <see cref="MinimumLength"/>.</exception>
    public RootKey(string secret, string? previous = null)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Length < MinimumLength)
        {
            throw new ArgumentException($"AGENTSYSTEM_ROOT_KEY (or root.key in the data folder) has {secret.Length} characters; it needs at least {MinimumLength}: give it a long random text.", nameof(secret));
        }

        first = Material = Encoding.UTF8.GetBytes(secret);
        Id = Convert.ToHexStringLower(DeriveOwn("root-id").AsSpan(0, IdBytes));
        Previous = previous is null ? null : new RootKey(previous);
    }

    /// <summary>A name that says nothing of the secret: 16 hexadecimal digits derived from it.</summary>
    public string Id { get; }

    /// <summary>The secret of before, while it is being replaced; else null.</summary>
    public RootKey? Previous { get; }

    /// <summary>The secret itself.</summary>
    internal byte[] Material { get; }

    /// <summary>32 bytes for one purpose that a change of the root secret does not change.</summary>
    public byte[] Derive(string purpose) => Derive(first, purpose);

    /// <summary>The same, remembered: for purposes that are named in the code.</summary>
    internal byte[] Fixed(string purpose) => fixedPurposes.GetOrAdd(purpose, Derive);

    /// <summary>32 bytes for one purpose, from this very secret: another secret gives others.</summary>
    public byte[] DeriveOwn(string purpose) => Derive(Material, purpose);

    /// <summary>Says what the first root secret of the database was.</summary>
    internal void Keep(byte[] firstSecret)
    {
        first = firstSecret;
        fixedPurposes.Clear();
    }

    private static byte[] Derive(byte[] material, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, material, DerivedBytes, info: Encoding.UTF8.GetBytes("agentsystem/" + purpose));
}
