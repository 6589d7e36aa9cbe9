using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>How pods are found.</summary>
public static class ServiceParts
{
    /// <summary>A Service with an address of its own, balanced by the cluster.</summary>
    public static V1Service Balanced(SystemService service, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(labels);
        var made = Make(labels.Meta(service.Name, ObjectNames.Service(service.Name)), labels.Of(service.Name), service.Ports.Where(static port => port != ServicePort.Grpc));
        made.Spec.Type = "ClusterIP";
        // The console's page and its connection must reach the same pod.
        made.Spec.SessionAffinity = service.Kind == ServiceKind.Console ? "ClientIP" : null;
        return made;
    }

    /// <summary>The addresses of all pods that are ready, for callers that balance by themselves: gRPC keeps one connection, which the cluster would balance once.</summary>
    public static V1Service Headless(SystemService service, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(labels);
        var made = Make(labels.Meta(service.Name, ObjectNames.Headless(service.Name)), labels.Of(service.Name), [ServicePort.Grpc]);
        made.Spec.ClusterIP = "None";
        return made;
    }

    private static V1Service Make(V1ObjectMeta metadata, IDictionary<string, string> selector, IEnumerable<ServicePort> ports) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = metadata,
        Spec = new V1ServiceSpec
        {
            Selector = selector,
            Ports = [.. ports.Select(static port => new V1ServicePort { Name = port.Name, Port = port.Number, TargetPort = port.Name, Protocol = "TCP" })],
        },
    };
}
