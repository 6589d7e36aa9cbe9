using System.Buffers;
using System.Text;

namespace AgentSystem.Runtime.Security.Screening.Decoding;

/// <summary>Codings that turn bytes into letters and digits: base64, hexadecimal, binary, lists of character codes. Only what decodes to likely text counts.</summary>
internal static class ByteDecoders
{
    private const int ShortestBase64 = 16, ShortestHex = 16, ShortestBinary = 40, ShortestCodes = 6, ShortestNested = 24;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Base64Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=");

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n,;:.-|x\\%");

    /// <summary>Everything of a text that these codings hide.</summary>
    public static IEnumerable<Decoded> Find(string text)
    {
        foreach (var found in Base64(text))
        {
            yield return new Decoded("base64", found);
        }

        if (Digits(text, 16, ShortestHex, 2) is { } hex)
        {
            yield return new Decoded("hex", hex);
        }

        if (Digits(text, 2, ShortestBinary, 8) is { } binary)
        {
            yield return new Decoded("binary", binary);
        }

        if (Codes(text) is { } codes)
        {
            yield return new Decoded("codes", codes);
        }
    }

    private static IEnumerable<string> Base64(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var start = text.AsSpan(i).IndexOfAny(Base64Letters);
            if (start < 0)
            {
                yield break;
            }

            start += i;
            var length = text.AsSpan(start).IndexOfAnyExcept(Base64Letters);
            i = length < 0 ? text.Length : start + length;
            // A long value may be broken over lines.
            while (i - start >= 60 && i + 1 < text.Length && text[i] is '\n' or '\r' && Base64Letters.Contains(text[i + 1]))
            {
                var more = text.AsSpan(i + 1).IndexOfAnyExcept(Base64Letters);
                i = more < 0 ? text.Length : i + 1 + more;
            }

            if (i - start >= ShortestBase64 && Bytes(text.AsSpan(start, i - start)) is { } found)
            {
                yield return found;
            }
        }
    }

    private static string? Bytes(ReadOnlySpan<char> run)
    {
        var padded = new char[run.Length + 3];
        var length = 0;
        foreach (var c in run)
        {
            if (c is not ('\n' or '\r' or '='))
            {
                padded[length++] = c switch { '-' => '+', '_' => '/', _ => c };
            }
        }

        // One letter too many cannot be: somebody's path or name, of which the last letter is left out.
        length -= length % 4 == 1 ? 1 : 0;
        while (length % 4 != 0)
        {
            padded[length++] = '=';
        }

        var bytes = new byte[(length / 4 * 3) + 3];
        return Convert.TryFromBase64Chars(padded.AsSpan(0, length), bytes, out var written) ? Text(bytes.AsSpan(0, written)) : null;
    }

    /// <summary>Runs of digits of a base, in groups of a width, with or without separators between the groups.</summary>
    private static string? Digits(string text, int radix, int shortest, int width)
    {
        var found = new List<byte>();
        var best = "";
        int value = 0, digits = 0, total = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var digit = i < text.Length ? Digit(text[i], radix) : -1;
            if (digit >= 0)
            {
                value = (value * radix) + digit;
                total++;
                if (++digits == width)
                {
                    found.Add((byte)value);
                    (value, digits) = (0, 0);
                }

                continue;
            }

            if (i < text.Length && Separators.Contains(text[i]) && digits == 0 && total > 0)
            {
                continue;
            }

            // "0x49 0x67": the zero before the x is no digit of the value.
            if (i < text.Length && text[i] == 'x' && digits == 1 && value == 0)
            {
                (digits, total) = (0, total - 1);
                continue;
            }

            if (total >= shortest && Text(found.ToArray()) is { } decoded && decoded.Length > best.Length)
            {
                best = decoded;
            }

            found.Clear();
            (value, digits, total) = (0, 0, 0);
        }

        return best.Length > 0 ? best : null;
    }

    private static string? Codes(string text)
    {
        var found = new StringBuilder();
        var best = "";
        int value = -1, digits = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\0';
            if (char.IsAsciiDigit(c) && digits < 4)
            {
                (value, digits) = ((Math.Max(value, 0) * 10) + c - '0', digits + 1);
                continue;
            }

            var printable = value is (>= 32 and <= 126) or 10;
            if (printable)
            {
                found.Append((char)value);
            }

            if ((digits > 0 && !printable) || !(c is ' ' or ',' or ';' or '[' or ']' or '\n'))
            {
                best = found.Length >= ShortestCodes && found.Length > best.Length && KnownWords.IsLikelyText(found.ToString()) ? found.ToString() : best;
                found.Clear();
            }

            (value, digits) = (-1, 0);
        }

        return best.Length > 0 ? best : null;
    }

    private static int Digit(char c, int radix) => (char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : -1) is var digit && digit < radix ? digit : -1;

    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            return KnownWords.IsLikelyText(text) || (text.Length >= ShortestNested && !text.AsSpan().ContainsAnyExcept(Base64Letters)) ? text : null;
        }
        catch (DecoderFallbackException)
        {
            // Bytes of something else: a picture, a hash, a name.
            return null;
        }
    }
}
