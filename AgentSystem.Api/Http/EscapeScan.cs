using System.Globalization;

namespace AgentSystem.Api.Http;

/// <summary>Finds escapes that are JSON but no text: half a surrogate pair (RFC 8259, section 8.2) and U+0000, which no store keeps.</summary>
internal static class EscapeScan
{
    private const int HexDigits = 4;

    /// <summary>Looks at a string's raw bytes, escapes not yet decoded; they are known to be well-formed JSON.</summary>
    public static bool FindsBad(ReadOnlySpan<byte> raw)
    {
        var high = false;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != (byte)'\\')
            {
                if (high)
                {
                    return true;
                }

                continue;
            }

            i++;
            if (raw[i] != (byte)'u')
            {
                if (high)
                {
                    return true;
                }

                continue;
            }

            var unit = (char)ushort.Parse(raw.Slice(i + 1, HexDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            i += HexDigits;
            if (unit == 0 || high != char.IsLowSurrogate(unit))
            {
                return true;
            }

            high = char.IsHighSurrogate(unit);
        }

        return high;
    }
}
