using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Telemetry;

namespace AgentSystem.ServiceDefaults.Resilience;

/// <summary>Lets pipelines that are built by hand report to the meter <c>Polly</c>, as those of the HTTP clients do.</summary>
internal static class PipelineMeter
{
    /// <summary>What a pipeline's builder gets as its listener. Figures only: a log line of the library would quote the exception, and ours say more.</summary>
    public static TelemetryListener Create() =>
        new ResiliencePipelineBuilder().ConfigureTelemetry(NullLoggerFactory.Instance).TelemetryListener!;
}
