using System.Net;

namespace AgentSystem.Api.Hosting;

/// <summary>Addresses and networks as settings write them.</summary>
internal static class NetworkList
{
    /// <summary>The networks of a comma list, an address being a network of one; null when an entry is neither, or is everybody.</summary>
    public static IReadOnlyList<IPNetwork>? Read(string list)
    {
        var networks = new List<IPNetwork>();
        foreach (var entry in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(entry, out var network) && network.PrefixLength > 0)
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(entry, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                return null;
            }
        }

        return networks;
    }
}
