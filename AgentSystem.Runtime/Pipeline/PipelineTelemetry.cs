using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Security.Guard;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>Metrics and traces of the pipeline, under the design document's names, buckets and labels.</summary>
public sealed class PipelineTelemetry
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "AgentSystem.Pipeline";

    /// <summary>Buckets of <c>request_duration</c> in seconds, as the design document has them.</summary>
    public static IReadOnlyList<double> DurationBuckets { get; } = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];

    /// <summary>Buckets of <c>cost_per_interaction</c> in USD, as the design document has them.</summary>
    public static IReadOnlyList<double> CostBuckets { get; } = [0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

    internal static ActivitySource Source { get; } = new(Name);

    private readonly Histogram<double> duration;
    private readonly Histogram<double> cost;
    private readonly Counter<long> tools;
    private readonly Counter<long> completions;
    private readonly Counter<long> cache;
    private readonly Counter<long> screened;
    private readonly Counter<long> found;
    private readonly Counter<long> stopped;

    /// <summary>Makes the instruments.</summary>
    public PipelineTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        // No unit on the first two: an exporter would append it, and the document's names are exact.
        duration = meter.CreateHistogram("request_duration", null, "Seconds from request to the end of the answer.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
        cost = meter.CreateHistogram("cost_per_interaction", null, "USD of one request.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = CostBuckets });
        tools = meter.CreateCounter<long>("tool_usage_success_rate", null, "Tool calls by outcome.");
        completions = meter.CreateCounter<long>("task_completion_rate", null, "Requests by how they ended.");
        cache = meter.CreateCounter<long>("answer_cache_lookups", null, "Requests by cache outcome.");
        screened = meter.CreateCounter<long>("input_screening_verdicts", null, "Texts of requests by what screening said.");
        found = meter.CreateCounter<long>("output_findings", null, "What answers gave away, and whether they were held back.");
        stopped = meter.CreateCounter<long>("rule_of_two_stops", null, "Runs whose tool was not called without a person.");
    }

    /// <summary>A request was answered, refused or abandoned.</summary>
    public void Served(RequestUsage usage, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(usage);
        var agent = Tag("agent_type", usage.AgentType);
        var complexity = Tag("complexity", Complexity(usage));
        duration.Record(usage.DurationMs / 1000, agent, Tag("endpoint", endpoint), complexity);
        cost.Record((double)usage.CostUsd, agent, complexity, Tag("resource_usage", usage.Cache == "miss" ? "model" : "cache"));
        completions.Add(1, agent, Tag("task_category", endpoint), Tag("completion_status", usage.Outcome == "success" ? "success" : "failure"));
        cache.Add(1, agent, Tag("outcome", usage.Cache));
        foreach (var tool in usage.Tools)
        {
            tools.Add(1, agent, Tag("tool_name", tool.Name), Tag("outcome", tool.Outcome));
        }
    }

    /// <summary>A text of a request was screened.</summary>
    internal void Screened(string agentType, ScreenSource source, ScreenVerdict verdict) =>
        screened.Add(1, Tag("agent_type", agentType), Tag("source", source.ToString().ToLowerInvariant()), Tag("verdict", verdict switch { ScreenVerdict.Blocked => "blocked", ScreenVerdict.AllowedWithMonitoring => "allowed_with_monitoring", _ => "allowed" }));

    /// <summary>An answer gave something away.</summary>
    internal void Found(string agentType, OutputFinding finding) =>
        found.Add(1, Tag("agent_type", agentType), Tag("kind", System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Kind.ToString())), Tag("outcome", finding.Held ? "held_back" : "reported"));

    /// <summary>A tool was not called because of the Rule of Two.</summary>
    internal void Stopped(string agentType, string tool) => stopped.Add(1, Tag("agent_type", agentType), Tag("tool_name", tool));

    /// <summary>Our reading of the document's label: one model call is simple, two or three (a tool was used) moderate, more complex.</summary>
    public static string Complexity(RequestUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return usage.Attempts switch
        {
            <= 1 => "simple",
            <= 3 => "moderate",
            _ => "complex",
        };
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
