using System.Runtime.InteropServices;
using AgentSystem.Contracts.Monitoring;
using AgentSystem.Contracts.Platform;
using AgentSystem.Runtime.Routing;
using AgentSystem.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSystem.Api.Platform;

/// <summary>Gathers what <c>GET /api/v1/system</c> says.</summary>
internal sealed class SystemReader(RunningProcess process, InstanceTable instances, HealthCheckService health, SettingsInForce settings, IHostEnvironment environment)
{
    /// <summary>Asks every part that readiness asks.</summary>
    public async Task<SystemView> ReadAsync(CancellationToken cancellation)
    {
        var report = await health.CheckHealthAsync(static check => check.Tags.Contains(HealthHostExtensions.Ready), cancellation);
        return new SystemView(
            process.Version,
            process.World,
            environment.EnvironmentName,
            instances.Local.Name,
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors)",
            process.StartedAt,
            // In the standalone world the console lives in the same process.
            process.World == "standalone" ? ["api", "console"] : ["api"],
            [.. report.Entries.Select(e => new ComponentHealth(e.Key, e.Value.Status.ToString().ToLowerInvariant(), e.Value.Description)).OrderBy(c => c.Name, StringComparer.Ordinal)],
            settings.Read());
    }
}
