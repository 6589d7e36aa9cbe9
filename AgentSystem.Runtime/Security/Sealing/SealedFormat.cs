using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>
/// The bytes of a sealed value: <c>A5 53</c>, the format's version (1), 1 where the text is packed and else 0, the data key's version (4 bytes, big-endian), nonce, text, tag.
/// No plain value of ours begins with A5: JSON does not, and a block of a recording begins with a length that is no negative number.
/// </summary>
internal static class SealedFormat
{
    /// <summary>Bytes before the nonce.</summary>
    public const int HeadBytes = 8;

    /// <summary>The version this build writes.</summary>
    public const byte Version = 1;

    /// <summary>Shorter values are not packed: credentials never are, so that their length says nothing.</summary>
    public const int PackFrom = 512;

    private const byte First = 0xA5, Second = 0x53;
    private const int KeyVersionAt = 4, PackedAt = 3, VersionAt = 2, LengthBytes = sizeof(int);
    private const int PackingQuality = 1, PackingWindow = 18;

    /// <summary>True for bytes that begin like a sealed value.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> stored) => stored.Length > VersionAt && stored[0] == First && stored[1] == Second;

    /// <summary>The format's version of a sealed value.</summary>
    public static byte VersionOf(ReadOnlySpan<byte> stored) => stored[VersionAt];

    /// <summary>The data key's version; null where the bytes are cut or were sealed in another format.</summary>
    public static int? KeyVersion(ReadOnlySpan<byte> stored) =>
        IsSealed(stored) && stored.Length >= HeadBytes && stored[VersionAt] == Version ? BinaryPrimitives.ReadInt32BigEndian(stored[KeyVersionAt..]) : null;

    /// <summary>Seals.</summary>
    public static byte[] Seal(byte[] key, int version, SealedPlace place, ReadOnlySpan<byte> value)
    {
        var packed = Pack(value);
        Span<byte> head = [First, Second, Version, packed is null ? (byte)0 : (byte)1, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(head[KeyVersionAt..], version);
        return Aead.Encrypt(key, packed ?? value, About(head, place), head);
    }

    /// <summary>Opens; null where anything is not as it was.</summary>
    public static byte[]? Open(byte[] key, SealedPlace place, ReadOnlySpan<byte> stored)
    {
        var head = stored[..HeadBytes];
        var text = Aead.Decrypt(key, stored[HeadBytes..], About(head, place));
        return text is null || head[PackedAt] == 0 ? text : Unpack(text);
    }

    /// <summary>Each part behind its length, so that no two places are the same bytes.</summary>
    private static byte[] About(ReadOnlySpan<byte> head, SealedPlace place)
    {
        string[] parts = [place.Tenant, place.Purpose, place.Id];
        var about = new byte[head.Length + parts.Sum(static part => LengthBytes + Encoding.UTF8.GetByteCount(part))];
        head.CopyTo(about);
        var at = head.Length;
        foreach (var part in parts)
        {
            var length = Encoding.UTF8.GetBytes(part, about.AsSpan(at + LengthBytes));
            BinaryPrimitives.WriteInt32BigEndian(about.AsSpan(at), length);
            at += LengthBytes + length;
        }

        return about;
    }

    // What is sealed cannot be packed by the database any more, so it is packed before. Null: not worth it.
    private static byte[]? Pack(ReadOnlySpan<byte> value)
    {
        if (value.Length < PackFrom)
        {
            return null;
        }

        var packed = new byte[value.Length];
        if (!BrotliEncoder.TryCompress(value, packed.AsSpan(LengthBytes), out var length, PackingQuality, PackingWindow))
        {
            return null;
        }

        BinaryPrimitives.WriteInt32BigEndian(packed, value.Length);
        return packed[..(LengthBytes + length)];
    }

    // The length was authenticated with the rest: it is the one that was packed.
    private static byte[]? Unpack(byte[] packed)
    {
        var value = new byte[BinaryPrimitives.ReadInt32BigEndian(packed)];
        return BrotliDecoder.TryDecompress(packed.AsSpan(LengthBytes), value, out var length) && length == value.Length ? value : null;
    }
}
