using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentSystem.ServiceDefaults.Telemetry;

/// <summary>OpenTelemetry for every host: our meters and sources are all named <c>AgentSystem.*</c>, so a new capability is collected without a line here.</summary>
public static class TelemetryHostExtensions
{
    private const string Ours = "AgentSystem.*";

    // Source and meter of the driver itself; its statements carry parameters, never their values.
    private const string Database = "Npgsql";

    /// <summary>The meter of every retry and breaker.</summary>
    private const string Pipelines = "Polly";

    /// <summary>Metrics (always, for <c>/metrics</c>), traces and logs (sent when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set).</summary>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName, serviceVersion: Version))
            .WithMetrics(metrics => metrics
                .AddMeter(Ours, "Experimental.Microsoft.Extensions.AI", Pipelines, Database)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                // The design document's metric names are exact: no "_total" behind its counters.
                .AddPrometheusExporter(exporter => exporter.DisableTotalNameSuffixForCounters = true))
            .WithTracing(traces => traces
                .AddSource(Ours, Database)
                .AddAspNetCoreInstrumentation(http => http.Filter = static context => !HealthPaths.Contains(context.Request.Path.Value ?? ""))
                .AddHttpClientInstrumentation());
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            builder.Logging.AddOpenTelemetry(logs => logs.IncludeScopes = true);
            telemetry.UseOtlpExporter();
        }

        return builder;
    }

    /// <summary>The version this was built as; all hosts of a build have the same.</summary>
    private static string Version { get; } =
        typeof(TelemetryHostExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Probes come every few seconds and would drown the traces.</summary>
    private static readonly HashSet<string> HealthPaths = ["/alive", "/health", "/ready", "/metrics"];
}
