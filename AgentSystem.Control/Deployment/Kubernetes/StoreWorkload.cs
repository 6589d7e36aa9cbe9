using k8s.Models;
using static AgentSystem.Control.Deployment.WorkloadNumbers;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>How a store's container is run where the chart runs it.</summary>
/// <param name="Image">What Aspire 13.5.2 would start, so that both worlds have the same servers.</param>
/// <param name="User">The image's own user.</param>
/// <param name="Probe">Whether it answers.</param>
/// <param name="DataPath">Where it keeps data; null: it keeps none.</param>
internal sealed record StoreImage(string Image, long User, V1Probe Probe, string? DataPath = null)
{
    /// <summary>Its program; null: the image's entry point, to which <see cref="Args"/> are added.</summary>
    public IList<string>? Command { get; init; }

    /// <summary>Its command line; null: the image's.</summary>
    public IList<string>? Args { get; init; }

    /// <summary>Its variables.</summary>
    public IList<V1EnvVar>? Env { get; init; }

    /// <summary>Further folders it writes to that nobody has to keep.</summary>
    public IReadOnlyList<string> Scratch { get; init; } = [];
}

/// <summary>The workload of a store: a StatefulSet with a claim for each pod where it keeps something, else a Deployment.</summary>
internal static class StoreWorkload
{
    private const string Data = "data";

    public static V1StatefulSet Kept(SystemService service, StoreImage image, string capacity, ReleaseLabels labels) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Metadata = labels.Meta(service.Name, ObjectNames.StatefulSet(service.Name)),
        Spec = new V1StatefulSetSpec
        {
            Replicas = 1,
            RevisionHistoryLimit = RevisionHistory,
            ServiceName = ObjectNames.Service(service.Name),
            Selector = labels.Select(service.Name),
            Template = Template(service, image, labels),
            // An uninstalled release leaves its data: deleting a claim is a person's decision.
            PersistentVolumeClaimRetentionPolicy = new V1StatefulSetPersistentVolumeClaimRetentionPolicy { WhenDeleted = "Retain", WhenScaled = "Retain" },
            VolumeClaimTemplates =
            [
                new V1PersistentVolumeClaim
                {
                    ApiVersion = "v1",
                    Kind = "PersistentVolumeClaim",
                    Metadata = new V1ObjectMeta { Name = Data },
                    Spec = new V1PersistentVolumeClaimSpec
                    {
                        AccessModes = ["ReadWriteOnce"],
                        Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(capacity) } },
                    },
                },
            ],
        },
    };

    /// <param name="service">The store.</param>
    /// <param name="name">Prefix of its name: two servers of one protocol are two choices for one store.</param>
    /// <param name="image">Its container.</param>
    /// <param name="labels">Whose it is.</param>
    public static V1Deployment Passing(SystemService service, string name, StoreImage image, ReleaseLabels labels) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "Deployment",
        Metadata = labels.Meta(service.Name, ObjectNames.Deployment(name)),
        Spec = new V1DeploymentSpec
        {
            Replicas = 1,
            RevisionHistoryLimit = RevisionHistory,
            Selector = labels.Select(service.Name),
            Strategy = ScaleParts.Strategy(),
            Template = Template(service, image, labels),
        },
    };

    private static V1PodTemplateSpec Template(SystemService service, StoreImage image, ReleaseLabels labels)
    {
        var container = new V1Container
        {
            Name = service.Name,
            Image = image.Image,
            Command = image.Command,
            Args = image.Args,
            Env = image.Env,
            Ports = [.. service.Ports.Select(static port => new V1ContainerPort { Name = port.Name, ContainerPort = port.Number, Protocol = "TCP" })],
            ReadinessProbe = image.Probe,
            LivenessProbe = Patient(image.Probe),
            Resources = PodParts.Resources(service.Size),
            SecurityContext = PodSafety.Container(),
            VolumeMounts =
            [
                PodSafety.ScratchMount(),
                .. image.Scratch.Select(static path => new V1VolumeMount { Name = VolumeOf(path), MountPath = path }),
                .. image.DataPath is { } path ? new[] { new V1VolumeMount { Name = Data, MountPath = path } } : [],
            ],
        };
        var pod = PodParts.Pod(container, ObjectNames.Account(service.Name), labels.Select(service.Name), TimeSpan.FromSeconds(50));
        pod.SecurityContext = PodSafety.Pod(image.User);
        pod.Volumes = [.. pod.Volumes, .. image.Scratch.Select(static path => new V1Volume { Name = VolumeOf(path), EmptyDir = new V1EmptyDirVolumeSource() })];
        return new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels.Of(service.Name) }, Spec = pod };
    }

    private static string VolumeOf(string path) => path.Trim('/').Replace('/', '-');

    /// <summary>The same question as a reason to restart: asked less often, and a database that recovers is given minutes.</summary>
    private static V1Probe Patient(V1Probe probe) => new()
    {
        Exec = probe.Exec,
        HttpGet = probe.HttpGet,
        TcpSocket = probe.TcpSocket,
        InitialDelaySeconds = LivenessDelaySeconds,
        PeriodSeconds = LivenessPeriodSeconds,
        TimeoutSeconds = ProbeTimeoutSeconds,
        FailureThreshold = 18,
    };
}
