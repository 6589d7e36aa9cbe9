using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>An entry of the audit log as it is kept.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Stream">The chain it stands in: one of one process.</param>
/// <param name="Sequence">Its place there, from 1 on without a gap.</param>
/// <param name="Previous">The hash of the entry before; 32 zero bytes for the first.</param>
/// <param name="Hash">SHA-256 over <paramref name="Previous"/> and the body in UTF-8.</param>
/// <param name="Body">What it says, in the canonical form of <see cref="AuditBody"/>.</param>
internal sealed record AuditEntry(string Tenant, string Stream, long Sequence, byte[] Previous, byte[] Hash, string Body)
{
    /// <summary>Bytes of every hash.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>What stands before the first entry.</summary>
    public static byte[] Nothing => new byte[HashBytes];

    /// <summary>How it is asked for.</summary>
    public string Id => IdOf(Stream, Sequence);

    /// <summary>An entry behind another.</summary>
    public static AuditEntry After(byte[] previous, AuditBody body)
    {
        var text = body.Write();
        return new AuditEntry(body.Tenant, body.Stream, body.Sequence, previous, HashOf(previous, text), text);
    }

    /// <summary>The hash an entry with this body must have.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> previous, string body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        hash.AppendData(Encoding.UTF8.GetBytes(body));
        return hash.GetHashAndReset();
    }

    public static string IdOf(string stream, long sequence) => $"{stream}-{sequence}";

    /// <summary>The place an id names; null when it is none.</summary>
    public static (string Stream, long Sequence)? Place(string id)
    {
        var dash = id.LastIndexOf('-');
        return dash is > 0 and <= 100 && long.TryParse(id.AsSpan(dash + 1), System.Globalization.NumberStyles.None, null, out var sequence) && sequence > 0 ? (id[..dash], sequence) : null;
    }
}
