using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.ServiceDefaults.Resilience;

/// <summary>Defaults for HTTP between our own hosts.</summary>
public static class OutgoingHttpHostExtensions
{
    /// <summary>Adds service discovery (<c>http://api</c>) for clients of the factory. Retries and time-outs are each client's own decision: a stream must not be cut by a default. The meter <c>Polly</c> has the figures of every pipeline.</summary>
    public static WebApplicationBuilder AddOutgoingHttp(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddServiceDiscovery();
        builder.Services.TryAddSingleton(static _ => PipelineMeter.Create());
        builder.Services.ConfigureHttpClientDefaults(static client => client.AddServiceDiscovery());
        return builder;
    }
}
