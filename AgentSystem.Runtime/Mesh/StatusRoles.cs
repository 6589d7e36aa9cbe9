using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Mesh;

/// <summary>Says how this process stands.</summary>
internal sealed class MonitoringRole(MeshPlan plan, CallsInHand inHand, IHostApplicationLifetime lifetime) : IMonitoringService
{
    public ValueTask<RoleStatus> StatusAsync(RoleStatusRequest request, CancellationToken cancellation) => new(Standing.Of(plan, inHand, lifetime));
}

/// <summary>Says how this process stands.</summary>
internal sealed class ControlRole(MeshPlan plan, CallsInHand inHand, IHostApplicationLifetime lifetime) : IControlService
{
    public ValueTask<RoleStatus> StatusAsync(RoleStatusRequest request, CancellationToken cancellation) => new(Standing.Of(plan, inHand, lifetime));
}

internal static class Standing
{
    public static RoleStatus Of(MeshPlan plan, CallsInHand inHand, IHostApplicationLifetime lifetime) => new()
    {
        Process = $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}",
        Roles = [.. plan.Serves],
        Calls = inHand.Count,
        IsEnding = lifetime.ApplicationStopping.IsCancellationRequested,
    };
}
