using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>
/// Which ranges hold an address: one table of network parts for each prefix length there is. A look-up asks as many tables as there are lengths, at most 129, however many ranges there are.
/// IPv4 is kept as the part of IPv6 it is mapped to (RFC 4291, 2.5.5.2), so that both spellings of an address are one.
/// </summary>
internal sealed class AddressIndex
{
    private const int AddressBits = 128, MappedBits = 96;

    private readonly Dictionary<UInt128, Indicator>[] tables;
    private readonly int[] lengths;

    public AddressIndex(IEnumerable<Indicator> ranges)
    {
        var byLength = new SortedDictionary<int, Dictionary<UInt128, Indicator>>();
        foreach (var indicator in ranges)
        {
            var network = IPNetwork.Parse(indicator.Value);
            var length = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? MappedBits : 0);
            if (!byLength.TryGetValue(length, out var table))
            {
                byLength[length] = table = [];
            }

            var key = Bits(network.BaseAddress) & Mask(length);
            if (!table.TryGetValue(key, out var other) || other.Confidence < indicator.Confidence)
            {
                table[key] = indicator;
            }
        }

        lengths = [.. byLength.Keys];
        tables = [.. byLength.Values];
    }

    /// <summary>The surest range that holds the address and counts; null: none.</summary>
    public Indicator? Find(IPAddress address, DateTimeOffset now)
    {
        if (lengths.Length == 0)
        {
            return null;
        }

        var bits = Bits(address);
        // A range of IPv6 that holds the mapped part, "::/0" above all, speaks of IPv6.
        var least = address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6 ? MappedBits : 0;
        Indicator? best = null;
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] >= least && tables[i].TryGetValue(bits & Mask(lengths[i]), out var found) && found.CountsAt(now) && (best is null || found.Confidence > best.Confidence))
            {
                best = found;
            }
        }

        return best;
    }

    private static UInt128 Mask(int length) => length == 0 ? 0 : UInt128.MaxValue << (AddressBits - length);

    private static UInt128 Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[AddressBits / 8];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
