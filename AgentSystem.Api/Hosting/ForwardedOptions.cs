namespace AgentSystem.Api.Hosting;

/// <summary>Whose word about where a request came from is taken. Section <c>ForwardedHeaders</c>.</summary>
public sealed class ForwardedOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "ForwardedHeaders";

    /// <summary>Proxies before the API whose <c>X-Forwarded-For</c> is believed, so that limits, threats and the audit log see the client's address: a comma list of addresses and networks, such as <c>10.0.0.0/8,192.0.2.7</c>. Empty: nobody's is.</summary>
    [NetworkList]
    public string TrustedProxies { get; set; } = "";
}
