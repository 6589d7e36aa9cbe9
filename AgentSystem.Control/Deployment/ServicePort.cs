namespace AgentSystem.Control.Deployment;

/// <summary>A port that others reach.</summary>
/// <param name="Name">Its name in the pod and in the Service; probes and policies use the name.</param>
/// <param name="Number">1024 to 65535: no process of ours may bind lower ones.</param>
public sealed record ServicePort(string Name, int Number)
{
    /// <summary>Health, the API and the console.</summary>
    public static ServicePort Http { get; } = new("http", 8080);

    /// <summary>Calls between roles: HTTP/2 over TLS 1.3 with certificates on both sides, on a port of its own.</summary>
    public static ServicePort Grpc { get; } = new("grpc", 8443);
}
