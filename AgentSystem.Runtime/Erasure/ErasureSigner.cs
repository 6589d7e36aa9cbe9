using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Runtime.Erasure;

/// <summary>Signs receipts, and makes the hash that stands for a user in them. Both keys derive from the root secret.</summary>
internal sealed class ErasureSigner(RootKey root) : IDisposable
{
    private const int SubjectDigits = 32;

    private readonly ECDsa key = SigningKey.Derive(root, "erasure-signing");
    private readonly byte[] subjects = root.Derive("erasure-subject");

    /// <summary>The hash of a tenant's user; without the root secret nobody can try names.</summary>
    public string Subject(string tenant, string user) => Convert.ToHexStringLower(HMACSHA256.HashData(subjects, Encoding.UTF8.GetBytes($"{tenant}\n{user}")))[..SubjectDigits];

    /// <summary>The receipt with what is signed, the signature and the key that checks it.</summary>
    public ErasureReceipt Sign(ErasureReceipt receipt)
    {
        var text = ReceiptText.Of(receipt);
        return receipt with
        {
            SignedText = text,
            Signature = Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16],
            PublicKey = key.ExportSubjectPublicKeyInfoPem(),
        };
    }

    public void Dispose() => key.Dispose();
}
