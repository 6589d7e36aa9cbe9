using System.Net;
using System.Net.Sockets;

namespace AgentSystem.Runtime.Security;

/// <summary>How an address is called where it stands for whoever sends from it: <c>address:192.0.2.1</c>; of IPv6 its network of 64 bits, because one machine has all of it.</summary>
public static class CallerAddress
{
    private const string Start = "address:", Network = "/64", Unknown = "unknown";
    private const int NetworkBytes = 8;

    /// <summary>The name of an address; <c>address:unknown</c> without one.</summary>
    public static string Name(IPAddress? address)
    {
        if (address is null)
        {
            return Start + Unknown;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return Start + address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return $"{Start}{new IPAddress(bytes)}{Network}";
    }

    /// <summary>The same name, however a scope spells the address; null for what names none.</summary>
    public static string? Normal(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (!scope.StartsWith(Start, StringComparison.Ordinal))
        {
            return null;
        }

        var text = scope[Start.Length..];
        var ofNetwork = text.EndsWith(Network, StringComparison.Ordinal);
        return IPAddress.TryParse(ofNetwork ? text[..^Network.Length] : text, out var address) && (!ofNetwork || address.AddressFamily == AddressFamily.InterNetworkV6) ? Name(address) : null;
    }
}
