using System.Net;
using System.Net.Sockets;

namespace AgentSystem.Runtime.Egress;

/// <summary>
/// Connects outgoing calls under <see cref="EgressRule"/>. A name is resolved once and the connection goes to an address that was looked at, so that a name that leads
/// elsewhere a moment later gains nothing. Redirects are not followed: each would be an address nobody checked.
/// </summary>
public static class EgressHandler
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>Connections are made anew after this time, so that a host that moved is found again.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>A handler whose connections keep to the rule. A refused one is an <see cref="HttpRequestException"/> around an <see cref="EgressRefusedException"/>.</summary>
    public static SocketsHttpHandler Create(EgressRule rule) => Create(rule, static (host, cancellation) => Dns.GetHostAddressesAsync(host, cancellation));

    /// <summary>The same with another way to resolve names, and to connect to the addresses that were looked at.</summary>
    internal static SocketsHttpHandler Create(EgressRule rule, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPAddress[], int, CancellationToken, ValueTask<Stream>>? dial = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectLimit,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxResponseHeadersLength = 32,
            ConnectCallback = (context, cancellation) => ConnectAsync(rule, resolve, dial ?? DialAsync, context, cancellation),
        };
    }

    private static async ValueTask<Stream> ConnectAsync(
        EgressRule rule, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPAddress[], int, CancellationToken, ValueTask<Stream>> dial, SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var address = context.InitialRequestMessage.RequestUri!;
        if (rule.Problem(address.OriginalString) is { } problem)
        {
            throw new EgressRefusedException($"The address is refused: it must be {problem}.");
        }

        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host.Trim('[', ']'), out var number) ? [number] : await resolve(host, cancellation);
        // One private address among public ones is a trap, not a choice.
        if (!rule.IsException(address) && (found.Length == 0 || !Array.TrueForAll(found, PublicAddresses.IsPublic)))
        {
            throw new EgressRefusedException("The host's name leads to an address that is not on the public internet; the operator can allow the host in Egress:AllowedHosts.");
        }

        return await dial(found, port, cancellation);
    }

    private static async ValueTask<Stream> DialAsync(IPAddress[] found, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
