using System.Collections.Frozen;
using System.Globalization;

namespace AgentSystem.Runtime.Egress;

/// <summary>The operator's exceptions, as <see cref="Uri"/> writes hosts: lower case, international names in their ASCII form, IPv6 in brackets.</summary>
internal sealed class AllowedHosts
{
    private readonly FrozenSet<string> hosts;

    /// <param name="list">A list that <see cref="Problem"/> finds nothing wrong with.</param>
    public AllowedHosts(string list) => hosts = Entries(list).Select(static entry => Normal(entry)!).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for an address whose host and port stand in the list.</summary>
    public bool Contain(Uri address) => hosts.Contains(Name(address.IdnHost, address.Port));

    /// <summary>The first entry that is no <c>host:port</c>, or null.</summary>
    public static string? Problem(string list) => Entries(list).FirstOrDefault(static entry => Normal(entry) is null);

    private static string[] Entries(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Normal(string entry)
    {
        var colon = entry.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            && Uri.TryCreate("http://" + entry, UriKind.Absolute, out var address)
            && address is { PathAndQuery: "/", UserInfo: "", Fragment: "" } && entry[..colon].AsSpan().IndexOfAny('/', '@', '?') < 0
            ? Name(address.IdnHost, port)
            : null;
    }

    private static string Name(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host.Trim('[', ']').ToLowerInvariant()}|{port}");
}
