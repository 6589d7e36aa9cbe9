using System.Diagnostics.Metrics;

namespace AgentSystem.Runtime.Perception;

/// <summary>Counts what became of parts, by what they are.</summary>
internal sealed class PerceptionTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Perception";

    private readonly Counter<long> parts;
    private readonly Counter<long> bytes;
    private readonly Histogram<double> duration;

    public PerceptionTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        parts = meter.CreateCounter<long>("perception_parts", null, "Parts that were looked at, by modality, status and whether the result was known.");
        bytes = meter.CreateCounter<long>("perception_bytes", null, "Bytes of these parts, by modality.");
        duration = meter.CreateHistogram("perception_duration", null, "Seconds one part took, by modality and status.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10] });
    }

    /// <summary>A part was done with.</summary>
    public void Seen(string modality, string status, bool cached, long size, TimeSpan took)
    {
        var (kind, end) = (new KeyValuePair<string, object?>("modality", modality), new KeyValuePair<string, object?>("status", status));
        parts.Add(1, kind, end, new KeyValuePair<string, object?>("cached", cached));
        bytes.Add(size, kind);
        duration.Record(took.TotalSeconds, kind, end);
    }
}
