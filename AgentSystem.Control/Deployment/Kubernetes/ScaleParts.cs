using k8s.Models;
using static AgentSystem.Control.Deployment.WorkloadNumbers;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>How many pods there are, and how many may go at once.</summary>
public static class ScaleParts
{
    private const string Utilization = "Utilization";

    /// <summary>The autoscaler of a Deployment: the document's two signals of a pod, up at once, down a pod a minute.</summary>
    public static V2HorizontalPodAutoscaler Autoscaler(V1ObjectMeta metadata, string deployment, ServiceScale scale)
    {
        ArgumentNullException.ThrowIfNull(scale);
        return new()
        {
            ApiVersion = "autoscaling/v2",
            Kind = "HorizontalPodAutoscaler",
            Metadata = metadata,
            Spec = new V2HorizontalPodAutoscalerSpec
            {
                ScaleTargetRef = new V2CrossVersionObjectReference { ApiVersion = "apps/v1", Kind = "Deployment", Name = deployment },
                // An autoscaler cannot begin at nothing: that takes an alpha feature and a metric from outside the pod.
                MinReplicas = Math.Max(1, scale.Min),
                MaxReplicas = Math.Max(1, scale.Max),
                Metrics = [Metric("cpu", CpuUtilization), Metric("memory", MemoryUtilization)],
                Behavior = new V2HorizontalPodAutoscalerBehavior
                {
                    ScaleUp = new V2HPAScalingRules { StabilizationWindowSeconds = ScaleUpWindowSeconds },
                    ScaleDown = new V2HPAScalingRules
                    {
                        StabilizationWindowSeconds = ScaleDownWindowSeconds,
                        Policies = [new V2HPAScalingPolicy { Type = "Pods", Value = ScaleDownPodsPerMinute, PeriodSeconds = 60 }],
                    },
                },
            },
        };
    }

    /// <summary>One pod at a time may be evicted, also where there is only one: a budget that forbids it would block the node's drain for ever.</summary>
    public static V1PodDisruptionBudget Disruption(V1ObjectMeta metadata, V1LabelSelector selector) => new()
    {
        ApiVersion = "policy/v1",
        Kind = "PodDisruptionBudget",
        Metadata = metadata,
        // A pod that is not ready serves nobody and may always go.
        Spec = new V1PodDisruptionBudgetSpec { MaxUnavailable = 1, Selector = selector, UnhealthyPodEvictionPolicy = "AlwaysAllow" },
    };

    /// <summary>The identity of a service's pods: no rights, and no token to ask for any.</summary>
    public static V1ServiceAccount Account(V1ObjectMeta metadata) => new() { ApiVersion = "v1", Kind = "ServiceAccount", Metadata = metadata, AutomountServiceAccountToken = false };

    /// <summary>A new pod is ready before an old one goes.</summary>
    public static V1DeploymentStrategy Strategy() => new() { Type = "RollingUpdate", RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = 1, MaxUnavailable = 0 } };

    private static V2MetricSpec Metric(string resource, int percent) => new()
    {
        Type = "Resource",
        Resource = new V2ResourceMetricSource { Name = resource, Target = new V2MetricTarget { Type = Utilization, AverageUtilization = percent } },
    };
}
