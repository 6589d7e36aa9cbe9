using System.Security.Cryptography;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits before and a tag of 128 bits behind the text. The one place that encrypts.</summary>
internal static class Aead
{
    /// <summary>Length of a key.</summary>
    public const int KeyBytes = 32;

    /// <summary>What encrypting adds to a text.</summary>
    public const int Overhead = NonceBytes + TagBytes;

    private const int NonceBytes = 12, TagBytes = 16;

    /// <summary>A key nobody has.</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyBytes);

    /// <summary><paramref name="head"/> as it is, then nonce, text and tag.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="text">What is hidden.</param>
    /// <param name="about">What must be the same to decrypt; it is not part of the result.</param>
    /// <param name="head">Stands in the result in plain; whoever wants it protected has it in <paramref name="about"/> too.</param>
    public static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> about, ReadOnlySpan<byte> head = default)
    {
        var data = new byte[head.Length + Overhead + text.Length];
        head.CopyTo(data);
        var body = data.AsSpan(head.Length);
        RandomNumberGenerator.Fill(body[..NonceBytes]);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(body[..NonceBytes], text, body.Slice(NonceBytes, text.Length), body[(NonceBytes + text.Length)..], about);
        return data;
    }

    /// <summary>The text; null where key, data or <paramref name="about"/> are not those of the encryption.</summary>
    public static byte[]? Decrypt(byte[] key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> about)
    {
        if (data.Length < Overhead || key.Length != KeyBytes)
        {
            return null;
        }

        var text = new byte[data.Length - Overhead];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(data[..NonceBytes], data.Slice(NonceBytes, text.Length), data[(NonceBytes + text.Length)..], text, about);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
