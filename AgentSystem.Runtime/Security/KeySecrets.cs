using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Security;

/// <summary>Makes key secrets and their keyed hashes. A stolen table of hashes is useless without the root key.</summary>
public sealed class KeySecrets(RootKey root)
{
    /// <summary>Every key starts like this, so that secret scanners can find one.</summary>
    public const string Start = "as-";

    /// <summary>Characters of a key that lists may show.</summary>
    public const int PrefixLength = 9;

    private const int SecretBytes = 32;
    private readonly byte[] pepper = root.Derive("key-pepper");

    /// <summary>A new secret with 256 random bits.</summary>
    public static string Create() => Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The part of a key that is safe to show.</summary>
    public static string Prefix(string secret) => secret.StartsWith(Start, StringComparison.Ordinal) ? secret[..Math.Min(secret.Length, PrefixLength)] : "custom";

    /// <summary>HMAC-SHA256 of the secret under the pepper.</summary>
    public byte[] Hash(string secret) => HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(secret));
}
