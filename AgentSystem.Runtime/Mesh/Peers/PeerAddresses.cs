using System.Net;
using System.Net.Sockets;

namespace AgentSystem.Runtime.Mesh.Peers;

/// <summary>Where the processes of a role are, as <c>Services:ROLE</c> says it: addresses, or a name whose every address is one of them.</summary>
/// <param name="text">A readable setting.</param>
/// <param name="look">Looks a name up.</param>
internal sealed class PeerAddresses(string text, Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>>> look)
{
    private const string Dns = "dns:///";

    /// <summary>True when the addresses may change.</summary>
    public bool MayChange => text.StartsWith(Dns, StringComparison.Ordinal);

    /// <summary>Whether a setting can be read.</summary>
    public static bool IsReadable(string text) => text.StartsWith(Dns, StringComparison.Ordinal)
        ? Named(text) is { Host.Length: > 0, Port: > 0 }
        : Split(text) is { Length: > 0 } all && all.All(static one => Uri.TryCreate(one, UriKind.Absolute, out var uri) && uri is { Scheme: "https", AbsolutePath: "/", Port: > 0 });

    /// <summary>The addresses of now, each as <c>https://host:port</c>.</summary>
    /// <exception cref="SocketException">The name cannot be looked up.</exception>
    public async Task<IReadOnlyList<Uri>> FindAsync(CancellationToken cancellation)
    {
        if (!MayChange)
        {
            return [.. Split(text).Select(static one => new Uri(one))];
        }

        var named = Named(text)!;
        var found = await look(named.Host, cancellation).ConfigureAwait(false);
        return [.. found.Distinct().Select(address => new UriBuilder("https", address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString(), named.Port).Uri)];
    }

    /// <summary>Asks the system.</summary>
    public static async Task<IReadOnlyList<IPAddress>> LookUpAsync(string host, CancellationToken cancellation) =>
        await System.Net.Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri? Named(string text) => Uri.TryCreate("https://" + text[Dns.Length..], UriKind.Absolute, out var uri) && uri.AbsolutePath == "/" ? uri : null;
}
