using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;
// Persistent volumes of the publisher are marked experimental; without them a database would live in an emptyDir.
#pragma warning disable ASPIRECOMPUTE002

namespace AgentSystem.AppHost.Kubernetes;

/// <summary>The cluster as Aspire's publisher sees it. In run mode it is inert.</summary>
internal static class KubernetesEnvironment
{
    /// <summary>Adds the environment that <c>publish</c> writes a Helm chart for.</summary>
    public static IResourceBuilder<KubernetesEnvironmentResource> AddKubernetes(this IDistributedApplicationBuilder builder) => builder
        .AddKubernetesEnvironment("k8s")
        .WithDashboard(false)
        .WithHelm(static helm => helm
            .WithChartName("agentsystem")
            .WithChartDescription("AgentSystem: gateway, workers and console for LLM agents"));

    /// <summary>A store that keeps what it is given when its pod goes: its data volume becomes a claim. Does nothing in run mode, where the volume is the container engine's.</summary>
    public static IResourceBuilder<T> KeptIn<T>(this IResourceBuilder<T> store, IResourceBuilder<KubernetesEnvironmentResource> cluster, string claim, string capacity)
        where T : IResource, IComputeResource =>
        store.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? store.WithPersistentVolume(cluster.AddPersistentVolume(claim).WithCapacity(capacity)).PublishAsKubernetesService(ProductionParts.OfStore)
            : store;

    /// <summary>Puts right what the publisher of 13.5.2 writes and a cluster refuses or an operator regrets.</summary>
    public static void Mend(KubernetesResource service)
    {
        var pod = service.Workload!.PodTemplate;
        foreach (var container in pod.Spec.Containers)
        {
            foreach (var probe in new[] { container.LivenessProbe, container.ReadinessProbe, container.StartupProbe })
            {
                if (probe?.HttpGet is { } get)
                {
                    // The API server wants the scheme in capitals.
                    get.Scheme = "HTTP";
                }
            }
        }

        // Nothing here talks to the API server.
        pod.Spec.AutomountServiceAccountToken = false;
        switch (service.Workload)
        {
            case Deployment { Spec.Strategy.RollingUpdate: { } update }:
                // One replica and one unavailable would be an outage with every rollout.
                update.MaxUnavailable = 0;
                break;
            case StatefulSet set when service.Service is { } headless:
                set.Spec.ServiceName = headless.Metadata.Name;
                break;
        }
    }
}
