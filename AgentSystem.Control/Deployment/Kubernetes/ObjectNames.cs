namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>Names of a service's objects: its name and the kind, without the release's, as Aspire's publisher has them. So there is one release in a namespace.</summary>
public static class ObjectNames
{
    /// <summary>A Deployment.</summary>
    public static string Deployment(string service) => service + "-deployment";

    /// <summary>A StatefulSet.</summary>
    public static string StatefulSet(string service) => service + "-statefulset";

    /// <summary>The Service with an address of its own.</summary>
    public static string Service(string service) => service + "-service";

    /// <summary>The headless Service: its name gives the address of every pod, so that the caller chooses.</summary>
    public static string Headless(string service) => service + "-grpc";

    /// <summary>A ConfigMap.</summary>
    public static string Config(string service) => service + "-config";

    /// <summary>A Secret.</summary>
    public static string Secrets(string service) => service + "-secrets";

    /// <summary>A Secret with certificate, key and authority.</summary>
    public static string Tls(string service) => service + "-tls";

    /// <summary>A HorizontalPodAutoscaler.</summary>
    public static string Autoscaler(string service) => service + "-hpa";

    /// <summary>A PodDisruptionBudget.</summary>
    public static string Disruption(string service) => service + "-pdb";

    /// <summary>A NetworkPolicy.</summary>
    public static string Network(string service) => service + "-network";

    /// <summary>A ServiceAccount.</summary>
    public static string Account(string service) => service + "-account";
}
