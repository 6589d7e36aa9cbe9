using System.Text;

namespace AgentSystem.Api.Hosting;

/// <summary>
/// How the web server reads <c>Content-Length</c>: digits and nothing else (RFC 9112, section 6.2), where by itself it takes <c>+5</c> for 5. Whatever else there is becomes a letter, which
/// the server refuses with 400 before anybody sees the request. Only its reading half is ever used.
/// </summary>
internal sealed class LengthDigits : Encoding
{
    // The digits of the greatest length there can be.
    private const int Longest = 19;

    private LengthDigits()
    {
    }

    /// <summary>Reads lengths.</summary>
    public static LengthDigits Instance { get; } = new();

    /// <summary>The reading of a header: lengths by this one, everything else as the server reads it by itself.</summary>
    public static Encoding? Of(string header) => string.Equals(header, "Content-Length", StringComparison.OrdinalIgnoreCase) ? Instance : null;

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length is 0 or > Longest || bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            chars[0] = 'x';
            return 1;
        }

        return Latin1.GetChars(bytes, chars);
    }

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetCharCount(byte[] bytes, int index, int count) => Math.Max(1, count);

    public override int GetMaxCharCount(int byteCount) => Math.Max(1, byteCount);

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);
}
