namespace AgentSystem.Control.Deployment;

/// <summary>The numbers of every workload, each with where it comes from: "document" is the source document, section "Container Orchestration for Agent Workloads".</summary>
public static class WorkloadNumbers
{
    /// <summary>Document: liveness asks <c>/health</c>.</summary>
    public const string LivenessPath = "/health";

    /// <summary>Document: readiness asks <c>/ready</c>.</summary>
    public const string ReadinessPath = "/ready";

    /// <summary>Document: liveness begins after 30 s.</summary>
    public const int LivenessDelaySeconds = 30;

    /// <summary>Document: liveness asks every 10 s.</summary>
    public const int LivenessPeriodSeconds = 10;

    /// <summary>Document: readiness begins after 5 s.</summary>
    public const int ReadinessDelaySeconds = 5;

    /// <summary>Document: readiness asks every 5 s.</summary>
    public const int ReadinessPeriodSeconds = 5;

    /// <summary>Ours: a busy core answers later than Kubernetes' default of 1 s, and is not sick for that.</summary>
    public const int ProbeTimeoutSeconds = 3;

    /// <summary>Kubernetes' default, written out.</summary>
    public const int ProbeFailures = 3;

    /// <summary>Document, create_auto_scaling_policy: CPU utilisation in percent of the request.</summary>
    public const int CpuUtilization = 70;

    /// <summary>Document, create_auto_scaling_policy: memory utilisation in percent of the request.</summary>
    public const int MemoryUtilization = 75;

    /// <summary>Ours: no wait before scaling up; the document's 300 s are too long for a burst (docs/decisions/0005).</summary>
    public const int ScaleUpWindowSeconds = 0;

    /// <summary>Kubernetes' default window, in which the highest recommendation counts; the pace below makes it slower still.</summary>
    public const int ScaleDownWindowSeconds = 300;

    /// <summary>Document, execute_gradual_scaling: steps, not jumps. Ours: one pod a minute down.</summary>
    public const int ScaleDownPodsPerMinute = 1;

    /// <summary>Ours: how long a pod goes on serving after it was told to end, until every balancer has heard of it.</summary>
    public const int PreStopSeconds = 5;

    /// <summary>Ours: between the end of the drain and the kill.</summary>
    public const int GraceSeconds = 5;

    /// <summary>Ours: old ReplicaSets kept for a rollback.</summary>
    public const int RevisionHistory = 3;

    /// <summary>The user of .NET's own container images (<c>APP_UID</c>).</summary>
    public const int DotnetUser = 1654;

    /// <summary>What the device plugin calls a graphics processor.</summary>
    public const string Gpu = "nvidia.com/gpu";

    /// <summary>Seconds from the order to end until the kill: the pause, the drain, the grace.</summary>
    public static long TerminationSeconds(TimeSpan drain) => PreStopSeconds + (long)Math.Ceiling(drain.TotalSeconds) + GraceSeconds;
}
