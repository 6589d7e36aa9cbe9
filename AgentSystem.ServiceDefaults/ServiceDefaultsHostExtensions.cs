using AgentSystem.ServiceDefaults.Health;
using AgentSystem.ServiceDefaults.Resilience;
using AgentSystem.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.ServiceDefaults;

/// <summary>What every host of ours has, in the order things happen.</summary>
public static class ServiceDefaultsHostExtensions
{
    /// <summary>Adds telemetry, health checks, and resilience and service discovery for outgoing HTTP.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddTelemetry();
        builder.AddHealth();
        builder.AddOutgoingHttp();
        return builder;
    }
}
