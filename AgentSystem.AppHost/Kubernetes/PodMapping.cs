using Aspire.Hosting.Kubernetes.Resources;
using k8s.Models;

namespace AgentSystem.AppHost.Kubernetes;

/// <summary>The production parts of a pod, from the official client's types to the publisher's; image, variables and arguments stay the publisher's.</summary>
internal static class PodMapping
{
    /// <param name="from">Ours.</param>
    /// <param name="to">The publisher's, with one container.</param>
    public static void Apply(V1PodSpec from, PodSpecV1 to)
    {
        to.ServiceAccountName = from.ServiceAccountName;
        to.AutomountServiceAccountToken = from.AutomountServiceAccountToken;
        to.EnableServiceLinks = from.EnableServiceLinks;
        to.TerminationGracePeriodSeconds = from.TerminationGracePeriodSeconds;
        to.SecurityContext = new PodSecurityContextV1
        {
            RunAsNonRoot = from.SecurityContext.RunAsNonRoot,
            RunAsUser = from.SecurityContext.RunAsUser,
            RunAsGroup = from.SecurityContext.RunAsGroup,
            FsGroup = from.SecurityContext.FsGroup,
            FsGroupChangePolicy = from.SecurityContext.FsGroupChangePolicy,
            SeccompProfile = new SeccompProfileV1 { Type = from.SecurityContext.SeccompProfile.Type },
        };
        to.Tolerations.AddRange((from.Tolerations ?? []).Select(static each => new TolerationV1 { Key = each.Key, Operator = each.OperatorProperty, Effect = each.Effect }));
        to.TopologySpreadConstraints.AddRange((from.TopologySpreadConstraints ?? []).Select(static each => new TopologySpreadConstraintV1
        {
            MaxSkew = each.MaxSkew,
            TopologyKey = each.TopologyKey,
            WhenUnsatisfiable = each.WhenUnsatisfiable,
            LabelSelector = new LabelSelectorV1(new Dictionary<string, string>(each.LabelSelector.MatchLabels)),
        }));
        to.Volumes.AddRange(from.Volumes.Select(static each => new VolumeV1
        {
            Name = each.Name,
            EmptyDir = each.EmptyDir is { } scratch ? new EmptyDirVolumeSourceV1 { SizeLimit = scratch.SizeLimit.ToString() } : null,
            Secret = each.Secret is { } secret ? new SecretVolumeSourceV1 { SecretName = secret.SecretName, DefaultMode = secret.DefaultMode } : null,
        }));
        Apply(from.Containers[0], to.Containers[0]);
    }

    private static void Apply(V1Container from, ContainerV1 to)
    {
        to.LivenessProbe = Probe(from.LivenessProbe);
        to.ReadinessProbe = Probe(from.ReadinessProbe);
        to.Lifecycle = new LifecycleV1
        {
            // The publisher's type begins with all four handlers, and the API server takes exactly one.
            PreStop = new LifecycleHandlerV1 { Exec = null!, HttpGet = null!, TcpSocket = null!, Sleep = new SleepActionV1 { Seconds = from.Lifecycle.PreStop.Sleep.Seconds } },
        };
        to.Resources = new ResourceRequirementsV1();
        Copy(from.Resources.Requests, to.Resources.Requests);
        Copy(from.Resources.Limits, to.Resources.Limits);
        to.SecurityContext = new SecurityContextV1
        {
            AllowPrivilegeEscalation = from.SecurityContext.AllowPrivilegeEscalation,
            ReadOnlyRootFilesystem = from.SecurityContext.ReadOnlyRootFilesystem,
            RunAsNonRoot = from.SecurityContext.RunAsNonRoot,
            Capabilities = new CapabilitiesV1(),
        };
        to.SecurityContext.Capabilities.Drop.AddRange(from.SecurityContext.Capabilities.Drop);
        to.VolumeMounts.AddRange(from.VolumeMounts.Select(static each => new VolumeMountV1 { Name = each.Name, MountPath = each.MountPath, ReadOnly = each.ReadOnlyProperty }));
        to.Ports.AddRange(from.Ports.Where(own => !to.Ports.Any(there => there.Name == own.Name)).Select(static own => new ContainerPortV1 { Name = own.Name, ContainerPort = own.ContainerPort, Protocol = own.Protocol }));
    }

    /// <summary>The port by its name: the publisher writes a number, and the scheme of the endpoint in small letters.</summary>
    private static ProbeV1 Probe(V1Probe from) => new()
    {
        HttpGet = new() { Path = from.HttpGet.Path, Port = from.HttpGet.Port.Value, Scheme = from.HttpGet.Scheme },
        InitialDelaySeconds = from.InitialDelaySeconds,
        PeriodSeconds = from.PeriodSeconds,
        TimeoutSeconds = from.TimeoutSeconds,
        FailureThreshold = from.FailureThreshold,
        SuccessThreshold = from.SuccessThreshold,
    };

    private static void Copy(IDictionary<string, ResourceQuantity> from, Dictionary<string, string> to)
    {
        foreach (var (resource, quantity) in from)
        {
            to[resource] = quantity.ToString();
        }
    }
}
