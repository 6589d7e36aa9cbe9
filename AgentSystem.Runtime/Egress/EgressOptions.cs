namespace AgentSystem.Runtime.Egress;

/// <summary>Where tools and webhooks may reach. Section <c>Egress</c>.</summary>
public sealed class EgressOptions
{
    /// <summary>Hosts that may be reached beside public https ones, loopback and private ones included, over http too: a comma list of <c>host:port</c>.</summary>
    [HostList]
    public string AllowedHosts { get; set; } = "";
}
