using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Ready when every local model is in memory.</summary>
internal sealed class ModelReadinessCheck(ModelLoading loading) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            loading.Failed.Count > 0 ? HealthCheckResult.Unhealthy(string.Join(" ", loading.Failed.Select(each => $"Model '{each.Key}': {each.Value}")))
            : loading.IsFinished ? HealthCheckResult.Healthy("All models are loaded.")
            : HealthCheckResult.Unhealthy("Models are being loaded."));
}
