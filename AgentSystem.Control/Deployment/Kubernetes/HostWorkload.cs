using k8s.Models;
using static AgentSystem.Control.Deployment.WorkloadNumbers;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>The Deployment of one of our hosts, with every production part in it.</summary>
public static class HostWorkload
{
    private const string TlsVolume = "tls";

    /// <summary>Makes it.</summary>
    /// <param name="service">A gateway, a console or a role.</param>
    /// <param name="image">What it runs; a text, or an expression of the chart.</param>
    /// <param name="labels">Whose it is.</param>
    public static V1Deployment Deployment(SystemService service, string image, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(labels);
        return new()
        {
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Metadata = labels.Meta(service.Name, ObjectNames.Deployment(service.Name)),
            Spec = new V1DeploymentSpec
            {
                // Where an autoscaler owns the number, a chart that writes one would set it back with every upgrade.
                Replicas = service.Scale.IsElastic ? null : service.Scale.Min,
                RevisionHistoryLimit = RevisionHistory,
                Selector = labels.Select(service.Name),
                Strategy = ScaleParts.Strategy(),
                Template = new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels.Of(service.Name) }, Spec = Pod(service, image, labels) },
            },
        };
    }

    /// <summary>The pod of the service.</summary>
    public static V1PodSpec Pod(SystemService service, string image, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(labels);
        var pod = PodParts.Pod(Container(service, image), ObjectNames.Account(service.Name), labels.Select(service.Name), service.Drain);
        pod.Tolerations = PodParts.Tolerations(service.Size);
        if (HostSettings.HasCertificate(service))
        {
            // Readable by the group that the volume belongs to, and nobody else.
            pod.Volumes.Add(new V1Volume { Name = TlsVolume, Secret = new V1SecretVolumeSource { SecretName = ObjectNames.Tls(service.Name), DefaultMode = Convert.ToInt32("440", 8) } });
            pod.Containers[0].VolumeMounts.Add(new V1VolumeMount { Name = TlsVolume, MountPath = HostSettings.TlsFolder, ReadOnlyProperty = true });
        }

        return pod;
    }

    private static V1Container Container(SystemService service, string image) => new()
    {
        Name = service.Name,
        Image = image,
        EnvFrom = [Config(service.Name), Secrets(service.Name)],
        Ports = [.. service.Ports.Select(static port => new V1ContainerPort { Name = port.Name, ContainerPort = port.Number, Protocol = "TCP" })],
        LivenessProbe = PodParts.Liveness(),
        ReadinessProbe = PodParts.Readiness(),
        Lifecycle = PodParts.Pause(),
        Resources = PodParts.Resources(service.Size),
        SecurityContext = PodSafety.Container(),
        VolumeMounts = [PodSafety.ScratchMount()],
    };

    /// <summary>All settings of a service.</summary>
    internal static V1EnvFromSource Config(string service) => new() { ConfigMapRef = new V1ConfigMapEnvSource { Name = ObjectNames.Config(service) } };

    /// <summary>All secrets of a service.</summary>
    internal static V1EnvFromSource Secrets(string service) => new() { SecretRef = new V1SecretEnvSource { Name = ObjectNames.Secrets(service) } };
}
