using System.Diagnostics.Metrics;

namespace AgentSystem.Runtime.Runs;

/// <summary>Counts of what became of facts.</summary>
internal sealed class FactTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Runs";

    private readonly Counter<long> written;
    private readonly Counter<long> dropped;

    public FactTelemetry(IMeterFactory meters, FactQueue queue)
    {
        var meter = meters.Create(Name);
        written = meter.CreateCounter<long>("facts_written", null, "Facts that reached the database.");
        dropped = meter.CreateCounter<long>("facts_dropped", null, "Facts that were lost, by reason.");
        meter.CreateObservableGauge("facts_waiting", () => queue.Count, null, "Facts not yet in the database.");
        queue.Overflowed += count => Dropped(count, "queue_full");
    }

    public void Written(int count) => written.Add(count);

    /// <param name="count">How many.</param>
    /// <param name="reason"><c>queue_full</c>, <c>refused</c> (the database cannot keep such a row) or <c>shutdown</c>.</param>
    public void Dropped(int count, string reason) => dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));
}
