using System.Globalization;

namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>A root of the tree over all entries, signed.</summary>
/// <param name="Size">How many entries it is over.</param>
/// <param name="Hash">The root.</param>
/// <param name="At">When it was signed, as <see cref="AuditBody.Time(DateTimeOffset)"/> writes it.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="Signed"/>, in DER (RFC 3279).</param>
/// <param name="KeyId">The first 16 hexadecimal digits of SHA-256 over the public key (SubjectPublicKeyInfo).</param>
internal sealed record AuditRoot(long Size, byte[] Hash, string At, byte[] Signature, string KeyId)
{
    /// <summary>The bytes that are signed: four lines.</summary>
    public static string Signed(long size, byte[] hash, string at) =>
        string.Create(CultureInfo.InvariantCulture, $"agentsystem-audit-root-v1\n{size}\n{Convert.ToHexStringLower(hash)}\n{at}\n");
}
