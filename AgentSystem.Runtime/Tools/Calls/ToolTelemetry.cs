using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Tools;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>Figures of calls to tools outside the platform. By kind and outcome: names are each tenant's own, and as labels would be without number. Per tool they are at <c>/api/v1/tools</c>.</summary>
public sealed class ToolTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Tools";

    private readonly Counter<long> calls;
    private readonly Histogram<double> durations;

    /// <summary>Makes the instruments.</summary>
    public ToolTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(Name);
        calls = meter.CreateCounter<long>("tool_calls_outside", null, "Calls to tools of catalogues, by kind and outcome.");
        durations = meter.CreateHistogram<double>("tool_call_outside_duration", "s", "How long they took, retries included.");
    }

    /// <summary>A call ended.</summary>
    internal void Ended(ToolKind kind, string outcome, TimeSpan took)
    {
        var word = new KeyValuePair<string, object?>("kind", kind.ToString().ToLowerInvariant());
        calls.Add(1, word, new KeyValuePair<string, object?>("outcome", outcome));
        durations.Record(took.TotalSeconds, word);
    }
}
