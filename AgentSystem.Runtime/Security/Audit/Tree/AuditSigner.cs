using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>Signs roots with a key that derives from the root secret, so that it is nowhere in the database.</summary>
internal sealed class AuditSigner(RootKey root) : IDisposable
{
    // The order of P-256 (SEC 2, section 2.4.2): a private key is a number below it and not zero.
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private readonly ECDsa key = Make(root);

    /// <summary>The public key as PEM.</summary>
    public string PublicKey => key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Signs a root.</summary>
    public AuditRoot Sign(long size, byte[] hash, string at) =>
        new(size, hash, at, key.SignData(Encoding.UTF8.GetBytes(AuditRoot.Signed(size, hash, at)), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), AuditPublicKey.IdOf(key));

    public void Dispose() => key.Dispose();

    private static ECDsa Make(RootKey root)
    {
        for (var attempt = 0; ; attempt++)
        {
            // One in 2^32 secrets needs a second attempt.
            var number = root.DeriveOwn($"audit-signing/{attempt}");
            if (number.AsSpan().SequenceCompareTo(Order) < 0 && number.Any(static digit => digit != 0))
            {
                return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = number });
            }
        }
    }
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
