using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>Signs roots with a key that derives from the root secret, so that it is nowhere in the database.</summary>
internal sealed class AuditSigner(RootKey root) : IDisposable
{
    private readonly ECDsa key = SigningKey.Derive(root, "audit-signing");

    /// <summary>The public key as PEM.</summary>
    public string PublicKey => key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Signs a root.</summary>
    public AuditRoot Sign(long size, byte[] hash, string at) =>
        new(size, hash, at, key.SignData(Encoding.UTF8.GetBytes(AuditRoot.Signed(size, hash, at)), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), AuditPublicKey.IdOf(key));

    public void Dispose() => key.Dispose();
}

/// <summary>Checks signatures of roots; it needs the public key only.</summary>
internal sealed class AuditPublicKey : IDisposable
{
    private readonly ECDsa key = ECDsa.Create();

    /// <exception cref="ArgumentException">The text is no public key in PEM.</exception>
    public AuditPublicKey(string pem) => key.ImportFromPem(pem);

    /// <summary>See <see cref="AuditRoot.KeyId"/>.</summary>
    public string Id => IdOf(key);

    public static string IdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    public bool Verifies(AuditRoot root) =>
        key.VerifyData(Encoding.UTF8.GetBytes(AuditRoot.Signed(root.Size, root.Hash, root.At)), root.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => key.Dispose();
}
