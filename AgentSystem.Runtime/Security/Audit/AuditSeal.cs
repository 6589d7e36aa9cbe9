using System.Security.Cryptography;
using System.Text;
using AgentSystem.Runtime.Security.Sealing;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>The key of one subject, under which the personal parts of entries are sealed.</summary>
/// <param name="Id">A chance name that stands in the entries: without the subject's row it leads to nobody.</param>
/// <param name="Key">32 bytes.</param>
internal sealed record AuditSubject(string Id, byte[] Key);

/// <summary>A subject as it is kept.</summary>
/// <param name="Token">HMAC-SHA256 of tenant and name: how the row is found.</param>
/// <param name="Id">See <see cref="AuditSubject"/>.</param>
/// <param name="Wrapped">The key, sealed under a key that derives from the root secret.</param>
internal sealed record StoredSubject(byte[] Token, string Id, byte[] Wrapped);

/// <summary>
/// Seals names of people and addresses (AES-256-GCM, a key for each subject, wrapped by one from the root secret). Where a subject's row is deleted, nobody can open what was
/// sealed for it, and the hashes over the sealed text still hold: erasure leaves the chain whole.
/// </summary>
internal sealed class AuditSeal(RootKey root)
{
    /// <summary>How a sealed value begins: <c>sealed:KIND:SUBJECT:BASE64</c>.</summary>
    public const string Start = "sealed:";

    private const int IdBytes = 12;
    private static readonly string[] Kinds = ["subject", "user", "address"];

    /// <summary>The kind and the name of a personal value such as <c>subject:anna</c>; null of anything else.</summary>
    public static (string Kind, string Name)? Personal(string value)
    {
        foreach (var kind in Kinds)
        {
            if (value.Length > kind.Length + 1 && value.StartsWith(kind, StringComparison.Ordinal) && value[kind.Length] == ':')
            {
                return (kind, value[(kind.Length + 1)..]);
            }
        }

        return null;
    }

    /// <summary>True for a detail whose value is a person's or a machine's name.</summary>
    public static bool IsPersonal(string detail) => Kinds.Contains(detail, StringComparer.Ordinal);

    /// <summary>How the row of a subject is found.</summary>
    public byte[] Token(string tenant, string name) => HMACSHA256.HashData(root.Fixed("audit-subject-names"), Encoding.UTF8.GetBytes($"{tenant}\0{name}"));

    /// <summary>A subject with a new key.</summary>
    public StoredSubject Make(string tenant, byte[] token)
    {
        var id = "sub_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return new StoredSubject(token, id, Encrypt(Wrapping, Aead.NewKey(), $"{tenant}/{id}"));
    }

    /// <summary>The subject of a row; null when the row was written under another root secret, or changed.</summary>
    public AuditSubject? Open(string tenant, StoredSubject stored) => Decrypt(Wrapping, stored.Wrapped, $"{tenant}/{stored.Id}") is { } key ? new AuditSubject(stored.Id, key) : null;

    /// <summary>What stands in the entry instead of the name.</summary>
    public static string Seal(string tenant, string kind, string name, AuditSubject subject) =>
        $"{Start}{kind}:{subject.Id}:{Convert.ToBase64String(Encrypt(subject.Key, Encoding.UTF8.GetBytes(name), $"{tenant}/{kind}/{subject.Id}"))}";

    /// <summary>The parts of a sealed value; null when it is none.</summary>
    public static (string Kind, string Subject, string Data)? Parts(string value) =>
        value.StartsWith(Start, StringComparison.Ordinal) && value.Split(':', 4) is [_, var kind, var subject, var data] ? (kind, subject, data) : null;

    /// <summary>The name in a sealed value; null when it cannot be opened.</summary>
    public static string? Name(string tenant, (string Kind, string Subject, string Data) value, AuditSubject? subject)
    {
        var data = new byte[value.Data.Length];
        return subject is not null && Convert.TryFromBase64String(value.Data, data, out var length) && Decrypt(subject.Key, data[..length], $"{tenant}/{value.Kind}/{value.Subject}") is { } name
            ? Encoding.UTF8.GetString(name)
            : null;
    }

    private byte[] Wrapping => root.Fixed("audit-subject-keys");

    private static byte[] Encrypt(byte[] key, byte[] text, string about) => Aead.Encrypt(key, text, Encoding.UTF8.GetBytes(about));

    private static byte[]? Decrypt(byte[] key, byte[] data, string about) => Aead.Decrypt(key, data, Encoding.UTF8.GetBytes(about));
}
