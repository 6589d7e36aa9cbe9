using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>The canonical form of each kind of value; null where a text is none of that kind.</summary>
internal static class IndicatorValues
{
    private const int HashDigits = 64, LongestHost = 253, LongestLabel = 63;

    /// <summary>An address, or a range whose own bits beyond the prefix are cleared.</summary>
    public static string? Range(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out var address) || (address.AddressFamily == AddressFamily.InterNetwork && parts[0].Count(static c => c == '.') != 3))
        {
            return null;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bits = address.GetAddressBytes();
        var length = bits.Length * 8;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits.Length * 8))
        {
            return null;
        }

        for (var bit = length; bit < bits.Length * 8; bit++)
        {
            bits[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return $"{new IPAddress(bits)}/{length.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>64 hex digits in lower case.</summary>
    public static string? Sha256(string text) => text.Length == HashDigits && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;

    /// <summary>A host of at least two labels, in lower case and in its ASCII form.</summary>
    public static string? Host(string text)
    {
        try
        {
            var host = new IdnMapping().GetAscii(text.Trim().TrimEnd('.')).ToLowerInvariant();
            var labels = host.Split('.');
            return host.Length <= LongestHost && labels.Length > 1 && labels.All(static label => label.Length is > 0 and <= LongestLabel && label.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-')) ? host : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The address of a page: scheme and host in lower case, no fragment, a path.</summary>
    public static string? Page(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var page) && page.Scheme is "http" or "https" && page.UserInfo.Length == 0
            ? page.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped) is { Length: <= Indicator.MaxValue } canonical ? canonical : null
            : null;

    /// <summary>1 to 16 words.</summary>
    public static string? Phrase(string text) =>
        PhraseIndex.Fold(text) is { Length: > 0 and <= Indicator.MaxValue } phrase && phrase.Count(static c => c == ' ') < PhraseIndex.MaxWords ? phrase : null;
}
