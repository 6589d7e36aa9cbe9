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
    private const int ChecksumBytes = 4;
    private static readonly int BodyLength = Start.Length + Base64Url.GetEncodedLength(SecretBytes);
    private static readonly int WholeLength = BodyLength + Base64Url.GetEncodedLength(ChecksumBytes);

    /// <summary>A new secret: 256 random bits, and a checksum that tells a mistyped key from an unknown one without asking anybody.</summary>
    public static string Create()
    {
        var body = Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return body + Checksum(body);
    }

    /// <summary>
    /// False for a key of the form <see cref="Create"/> gives whose checksum is wrong. Keys of another length, chosen by an operator or made before there
    /// were checksums, have none and pass.
    /// </summary>
    public static bool HasRightChecksum(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.Length != WholeLength || !secret.StartsWith(Start, StringComparison.Ordinal) || secret[BodyLength..] == Checksum(secret[..BodyLength]);
    }

    /// <summary>The part of a key that is safe to show.</summary>
    public static string Prefix(string secret) => secret.StartsWith(Start, StringComparison.Ordinal) ? secret[..Math.Min(secret.Length, PrefixLength)] : "custom";

    /// <summary>HMAC-SHA256 of the secret under the pepper.</summary>
    public byte[] Hash(string secret) => HMACSHA256.HashData(root.Fixed("key-pepper"), Encoding.UTF8.GetBytes(secret));

    /// <summary>The first 32 bits of SHA-256. It is no secret and proves nothing; it catches slips and guesses.</summary>
    private static string Checksum(string body) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, ChecksumBytes));
}
