using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.Runtime.Routing;

/// <summary>A draining process is not ready: whoever balances the load sends it nothing new.</summary>
internal sealed class DrainReadinessCheck(InstanceTable instances) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(instances.Local.IsDraining
            ? HealthCheckResult.Unhealthy($"Draining, {instances.Local.InUse} runs left; POST /api/v1/instances/local/resume ends it.")
            : HealthCheckResult.Healthy());
}
