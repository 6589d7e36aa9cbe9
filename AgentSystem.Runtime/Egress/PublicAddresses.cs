using System.Net;
using System.Net.Sockets;

namespace AgentSystem.Runtime.Egress;

/// <summary>Which addresses belong to the public internet. What is not known to is not: IANA's registries of special-purpose addresses (RFC 6890 and what followed), as of 2026.</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>The only block of IPv6 that is handed out to the internet (RFC 4291, IANA).</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    // Within it: protocol assignments with Teredo, documentation (two blocks), 6to4.
    private static readonly IPNetwork[] SpecialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>A translator of the network reaches the IPv4 address in the last four bytes (RFC 6052).</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>True when a connection to it leaves for the public internet. An IPv4 address inside an IPv6 one is judged as the IPv4 address it is.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(SpecialV4, block => block.Contains(address));
        }

        if (Translated.Contains(address))
        {
            return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId == 0 && GlobalV6.Contains(address) && !Array.Exists(SpecialV6, block => block.Contains(address));
    }
}
