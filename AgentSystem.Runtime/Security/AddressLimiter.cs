using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Security;

/// <summary>
/// Failed authentications of an address in a clock minute, counted in this process. It bounds what somebody without a key can cost; a key cannot be guessed
/// anyhow. Of IPv6 a network of 64 bits counts as one address, because one machine has all of it.
/// </summary>
public sealed class AddressLimiter(IOptions<SecurityOptions> options, TimeProvider time)
{
    private const int MaxAddresses = 50_000;
    private const int NetworkBytes = 8;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> failures = [];
    private long minute;

    /// <summary>How long an address that failed too often has to wait; null when it may go on.</summary>
    public TimeSpan? WaitOf(IPAddress? address)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            Roll(now);
            return options.Value.FailuresPerAddress is > 0 and var most && failures.GetValueOrDefault(Network(address)) >= most
                ? Window - TimeSpan.FromTicks(now.Ticks % Window.Ticks)
                : null;
        }
    }

    /// <summary>Counts a failure. True for the one that reaches the limit.</summary>
    public bool Fail(IPAddress? address)
    {
        lock (gate)
        {
            Roll(time.GetUtcNow());
            var network = Network(address);
            if (failures.Count >= MaxAddresses && !failures.ContainsKey(network))
            {
                // So many at once are no longer told apart: they share what is left.
                network = IPAddress.None;
            }

            var count = failures.GetValueOrDefault(network) + 1;
            failures[network] = count;
            return count == options.Value.FailuresPerAddress;
        }
    }

    private void Roll(DateTimeOffset now)
    {
        var current = now.Ticks / Window.Ticks;
        if (current != minute)
        {
            failures.Clear();
            minute = current;
        }
    }

    private static IPAddress Network(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return plain;
        }

        var bytes = plain.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes);
    }
}
