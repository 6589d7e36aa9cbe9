using System.Net;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Egress;

/// <summary>Where tools and webhooks may reach: public https hosts, and those the operator allows (<see cref="EgressOptions"/>). The addresses models are at are the operator's own and not asked about here.</summary>
public sealed class EgressRule(IOptions<EgressOptions> options)
{
    /// <summary>Longest address accepted, in characters.</summary>
    public const int LongestUrl = 2000;

    private readonly AllowedHosts allowed = new(options.Value.AllowedHosts);

    /// <summary>Looks at an address as it is written; what its name means is looked at when it is connected to. Null when it may be kept, otherwise what it must be ("an https address ...").</summary>
    public string? Problem(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.IdnHost.Length == 0)
        {
            return $"an https address of at most {LongestUrl} characters";
        }

        if (address.UserInfo.Length > 0)
        {
            return "an address without a user name or password in it";
        }

        if (allowed.Contain(address))
        {
            return null;
        }

        if (address.Scheme != Uri.UriSchemeHttps)
        {
            return "an https address (http only for hosts the operator allows in Egress:AllowedHosts)";
        }

        return IsLocal(address.IdnHost)
            ? "an address on the public internet (others only where the operator allows them in Egress:AllowedHosts)"
            : null;
    }

    /// <summary>True when the host of <paramref name="address"/> is one of the operator's exceptions, wherever its name leads.</summary>
    internal bool IsException(Uri address) => allowed.Contain(address);

    /// <summary>Names that only mean something inside a network: RFC 6761 and 6762, RFC 8375, ICANN's reserved <c>internal</c>, and what the metadata services of clouds are called.</summary>
    private static readonly string[] Inside = ["localhost", "local", "internal", "intranet", "lan", "home.arpa", "metadata", "instance-data", "onion"];

    /// <summary>A number that is not public, a name that means something only inside, or one without a dot; told at once, and not at the first connection.</summary>
    private static bool IsLocal(string host)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(name, out var number)
            ? !PublicAddresses.IsPublic(number)
            : !name.Contains('.', StringComparison.Ordinal) || Array.Exists(Inside, inside => name.Equals(inside, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + inside, StringComparison.OrdinalIgnoreCase));
    }
}
