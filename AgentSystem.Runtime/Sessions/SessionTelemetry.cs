using System.Diagnostics.Metrics;

namespace AgentSystem.Runtime.Sessions;

/// <summary>Figures of sessions: how updates end, how many share a commit, and how old eventual updates get before they are applied.</summary>
internal sealed class SessionTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Sessions";

    private const int Window = 1024;

    private readonly Counter<long> updates;
    private readonly Counter<long> conflicts;
    private readonly Histogram<int> shared;
    private readonly Histogram<double> staleness;
    private readonly Lock gate = new();
    private readonly double[] recent = new double[Window];
    private int measured;

    public SessionTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        updates = meter.CreateCounter<long>("session_updates", null, "Updates, by how they ended.");
        conflicts = meter.CreateCounter<long>("session_conflicts", null, "Keys that somebody else had changed, by rule and by what was kept.");
        shared = meter.CreateHistogram<int>("session_updates_per_commit", null, "Updates that shared one commit.");
        staleness = meter.CreateHistogram<double>("session_staleness", "s", "From the acceptance of an eventual update to its application, by the database's clock.");
        meter.CreateObservableGauge("session_staleness_p99", () => Percentile99(), "s", "The same of the last 1,024 eventual updates: the longest but the worst 1 in 100.");
    }

    public void Committed(int count) => shared.Record(count);

    public void Ended(SessionRefusal? refusal) => updates.Add(1, new KeyValuePair<string, object?>("outcome", refusal?.Code ?? "kept"));

    public void Met(SessionConflict conflict) => conflicts.Add(1, new("rule", conflict.Rule.ToString()), new("kept", conflict.Kept));

    public void Applied(TimeSpan age)
    {
        staleness.Record(age.TotalSeconds);
        lock (gate)
        {
            recent[measured++ % Window] = age.TotalSeconds;
        }
    }

    /// <summary>0 while nothing was measured.</summary>
    internal double Percentile99()
    {
        lock (gate)
        {
            var sorted = recent.Take(Math.Min(measured, Window)).Order().ToArray();
            return sorted.Length == 0 ? 0 : sorted[(int)Math.Ceiling(sorted.Length * .99) - 1];
        }
    }
}
