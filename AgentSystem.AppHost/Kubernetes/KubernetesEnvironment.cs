namespace AgentSystem.AppHost.Kubernetes;

/// <summary>The cluster as Aspire's publisher sees it. In run mode it is inert.</summary>
internal static class KubernetesEnvironment
{
    /// <summary>Adds the environment that <c>publish</c> writes a Helm chart for.</summary>
    public static void AddKubernetes(this IDistributedApplicationBuilder builder) => builder
        .AddKubernetesEnvironment("k8s")
        .WithDashboard(false)
        .WithHelm(static helm => helm
            .WithChartName("agentsystem")
            .WithChartDescription("AgentSystem: gateway, workers and console for LLM agents"));
}
