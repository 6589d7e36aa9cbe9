using k8s.Models;
using static AgentSystem.Control.Deployment.WorkloadNumbers;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>The production parts of a pod, made here for the chart, for Aspire's publisher and for the deployments of agents.</summary>
public static class PodParts
{
    private const string Spread = "ScheduleAnyway";

    /// <summary>Is the process alive; asks no dependency.</summary>
    public static V1Probe Liveness() => Probe(LivenessPath, LivenessDelaySeconds, LivenessPeriodSeconds);

    /// <summary>May it be sent requests; asks the data path.</summary>
    public static V1Probe Readiness() => Probe(ReadinessPath, ReadinessDelaySeconds, ReadinessPeriodSeconds);

    /// <summary>The pod goes on serving for a moment after the order to end; a sleep of the kubelet's, because images of ours have no shell.</summary>
    public static V1Lifecycle Pause() => new() { PreStop = new V1LifecycleHandler { Sleep = new V1SleepAction { Seconds = PreStopSeconds } } };

    /// <summary>Requests and limits. A graphics processor is asked for by its limit: requests of such resources equal their limits.</summary>
    public static V1ResourceRequirements Resources(ServiceSize size)
    {
        ArgumentNullException.ThrowIfNull(size);
        var limits = Quantities(size.CpuLimit, size.MemoryLimit);
        if (size.Gpus > 0)
        {
            limits[Gpu] = new ResourceQuantity(size.Gpus.ToString());
        }

        return new() { Requests = Quantities(size.CpuRequest, size.MemoryRequest), Limits = limits };
    }

    /// <summary>Nodes with graphics processors are tainted with the resource's name, so that nothing else lands there.</summary>
    public static IList<V1Toleration>? Tolerations(ServiceSize size) =>
        size is { Gpus: > 0 } ? [new V1Toleration { Key = Gpu, OperatorProperty = "Exists", Effect = "NoSchedule" }] : null;

    /// <summary>Replicas apart: over zones first, then over nodes, and together rather than not at all.</summary>
    public static IList<V1TopologySpreadConstraint> Apart(V1LabelSelector selector) =>
        [.. new[] { "topology.kubernetes.io/zone", "kubernetes.io/hostname" }.Select(key => new V1TopologySpreadConstraint { MaxSkew = 1, TopologyKey = key, WhenUnsatisfiable = Spread, LabelSelector = selector })];

    /// <summary>What every pod of ours has around its container: an account without a token, restricted security, a scratch folder, time to end.</summary>
    public static V1PodSpec Pod(V1Container container, string account, V1LabelSelector selector, TimeSpan drain) => new()
    {
        ServiceAccountName = account,
        AutomountServiceAccountToken = false,
        // Variables like REDIS_PORT, which Kubernetes adds for each Service, would be read as settings.
        EnableServiceLinks = false,
        SecurityContext = PodSafety.Pod(DotnetUser),
        TerminationGracePeriodSeconds = TerminationSeconds(drain),
        TopologySpreadConstraints = Apart(selector),
        Containers = [container],
        Volumes = [PodSafety.ScratchVolume()],
    };

    /// <summary>An HTTP probe of the http port, by its name: the scheme is in capitals, as the API server wants it.</summary>
    private static V1Probe Probe(string path, int delay, int period) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = path, Port = ServicePort.Http.Name, Scheme = "HTTP" },
        InitialDelaySeconds = delay,
        PeriodSeconds = period,
        TimeoutSeconds = ProbeTimeoutSeconds,
        FailureThreshold = ProbeFailures,
        SuccessThreshold = 1,
    };

    private static Dictionary<string, ResourceQuantity> Quantities(string cpu, string memory) =>
        new(StringComparer.Ordinal) { ["cpu"] = new ResourceQuantity(cpu), ["memory"] = new ResourceQuantity(memory) };
}
