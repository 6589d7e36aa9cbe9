using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Security;

/// <summary>The root secret from which every other secret is derived (HKDF-SHA256, RFC 5869), one per purpose, so that no two purposes share key material.</summary>
public sealed class RootKey
{
    /// <summary>Fewest characters accepted: 32 random characters carry more than 128 bits.</summary>
    public const int MinimumLength = 32;

    private const int DerivedBytes = 32;
    private readonly byte[] material;

    /// <summary>Takes the secret as given.</summary>
    /// <exception cref="ArgumentException">It is shorter than <see cref="MinimumLength"/>.</exception>
    public RootKey(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Length < MinimumLength)
        {
            throw new ArgumentException($"AGENTSYSTEM_ROOT_KEY (or root.key in the data folder) has {secret.Length} characters; it needs at least {MinimumLength}: give it a long random text.", nameof(secret));
        }

        material = Encoding.UTF8.GetBytes(secret);
    }

    /// <summary>32 bytes for one purpose; the same purpose always gives the same bytes.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, DerivedBytes, info: Encoding.UTF8.GetBytes("agentsystem/" + purpose));
}
