using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Rules;

/// <summary>What must be true of every pod.</summary>
internal static class PodRules
{
    public static IReadOnlyList<ChartRule> All { get; } =
    [
        new("probe-scheme", static set => Containers(set).SelectMany(static each => Probes(each.Container).Where(static probe => probe.HttpGet is not null)
            .Where(probe => probe.HttpGet.Scheme is not ("HTTP" or "HTTPS") || !each.Container.Ports.Any(port => Named(probe.HttpGet.Port, port)))
            .Select(probe => (each.Path, $"a probe of {each.Container.Name} asks {probe.HttpGet.Scheme ?? "nothing"}://:{probe.HttpGet.Port?.Value}: the API server wants HTTP or HTTPS in capitals, and the container a port of that name.")))),
        new("probes-present", static set => Serving(set).Where(static each => each.Container.LivenessProbe is null || each.Container.ReadinessProbe is null)
            .Select(static each => (each.Path, $"{each.Container.Name} lacks a liveness or readiness probe: nobody would notice that it hangs."))),
        new("one-handler", static set => Containers(set).SelectMany(static each => Handlers(each.Container).Where(static count => count != 1)
            .Select(count => (each.Path, $"{each.Container.Name} has a probe or lifecycle hook with {count} handlers; exactly one is accepted.")))),
        new("limits-present", static set => Containers(set).Where(static each => !HasLimits(each.Container.Resources))
            .Select(static each => (each.Path, $"{each.Container.Name} lacks requests or limits of cpu and memory: percentages of an autoscaler are of requests, and without limits it is the first to be evicted."))),
        new("gpu-is-a-limit", static set => Containers(set).Where(static each => each.Container.Resources?.Requests is { } asked && asked.TryGetValue(WorkloadNumbers.Gpu, out var request)
                && (each.Container.Resources.Limits is not { } limits || !limits.TryGetValue(WorkloadNumbers.Gpu, out var limit) || limit.ToString() != request.ToString()))
            .Select(static each => (each.Path, $"{each.Container.Name} asks for other graphics processors than its limit: for such resources the two are equal."))),
        new("no-token", static set => set.Workloads.Where(static each => each.Pods!.Spec is not { AutomountServiceAccountToken: false, EnableServiceLinks: false })
            .Select(static each => (each.Path, $"{each.Title} mounts a token of the API server, or gets variables named after Services."))
            .Concat(set.Of<V1ServiceAccount>().Where(static each => each.Body.AutomountServiceAccountToken is not false).Select(static each => (each.At.Path, $"{each.At.Title} gives its token to every pod.")))),
        new("restricted", static set => set.Workloads.Where(static each => !IsRestricted(each.Pods!.Spec))
            .Select(static each => (each.Path, $"{each.Title} breaks the pod security standard restricted (not root, seccomp RuntimeDefault, no privilege escalation, no capabilities), or writes to its root file system."))),
        new("time-to-end", static set => Serving(set).Where(static each => each.Pod.TerminationGracePeriodSeconds is not > WorkloadNumbers.PreStopSeconds)
            .Select(static each => (each.Path, $"{each.Container.Name} is killed before its pause is over."))),
        new("restart-on-change", static set => set.Workloads.Where(static each => each.Body is not V1Job && Sources(each.Pods!.Spec) > (each.Pods.Metadata?.Annotations?.Count(static note => note.Key.StartsWith("checksum/", StringComparison.Ordinal)) ?? 0))
            .Select(static each => (each.Path, $"{each.Title} lacks the checksum of a ConfigMap or Secret it reads: a change of it would wait for the next restart."))),
    ];

    private static IEnumerable<(string Path, V1PodSpec Pod, V1Container Container)> Containers(RenderedSet set) =>
        set.Workloads.SelectMany(static each => each.Pods!.Spec.Containers.Select(container => (each.Path, each.Pods.Spec, container)));

    private static IEnumerable<(string Path, V1PodSpec Pod, V1Container Container)> Serving(RenderedSet set) =>
        set.Workloads.Where(static each => each.Body is not V1Job).SelectMany(static each => each.Pods!.Spec.Containers.Select(container => (each.Path, each.Pods.Spec, container)));

    private static IEnumerable<V1Probe> Probes(V1Container container) => new[] { container.LivenessProbe, container.ReadinessProbe, container.StartupProbe }.OfType<V1Probe>();

    private static IEnumerable<int> Handlers(V1Container container) =>
    [
        .. Probes(container).Select(static probe => Count(probe.Exec, probe.Grpc, probe.HttpGet, probe.TcpSocket)),
        .. new[] { container.Lifecycle?.PreStop, container.Lifecycle?.PostStart }.OfType<V1LifecycleHandler>().Select(static hook => Count(hook.Exec, hook.HttpGet, hook.Sleep, hook.TcpSocket)),
    ];

    private static int Count(params object?[] handlers) => handlers.Count(static handler => handler is not null);

    private static bool Named(IntOrString? asked, V1ContainerPort port) => asked?.Value == port.Name || asked?.Value == port.ContainerPort.ToString();

    private static bool HasLimits(V1ResourceRequirements? resources) => resources is { Requests: { } requests, Limits: { } limits }
        && new[] { "cpu", "memory" }.All(kind => requests.ContainsKey(kind) && limits.ContainsKey(kind));

    private static bool IsRestricted(V1PodSpec pod) => pod.SecurityContext is { RunAsNonRoot: true, SeccompProfile.Type: "RuntimeDefault" }
        && pod.HostNetwork is not true && pod.HostPID is not true && pod.HostIPC is not true && (pod.Volumes ?? []).All(static volume => volume.HostPath is null)
        && pod.Containers.All(static container => container.SecurityContext is { AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true, Capabilities: { Drop: { } dropped, Add: null or { Count: 0 } } } && dropped.Contains("ALL"));

    /// <summary>How many ConfigMaps and Secrets its variables come from. Mounted files are read again by themselves.</summary>
    private static int Sources(V1PodSpec pod) => pod.Containers
        .SelectMany(static container => (container.EnvFrom ?? []).Select(static source => source.ConfigMapRef is { } map ? "config " + map.Name : "secret " + source.SecretRef?.Name)
            .Concat((container.Env ?? []).Where(static variable => variable.ValueFrom?.SecretKeyRef is not null).Select(static variable => "secret " + variable.ValueFrom.SecretKeyRef.Name)))
        .Distinct(StringComparer.Ordinal).Count();
}
