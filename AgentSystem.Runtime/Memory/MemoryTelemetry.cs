using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Memory;

/// <summary>Figures of memory: searches by strategy, and how long a write takes to become searchable by vector.</summary>
internal sealed class MemoryTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Memory";

    private const int Window = 1024;

    private readonly Counter<long> searches;
    private readonly Histogram<double> duration;
    private readonly Histogram<double> lag;
    private readonly Counter<long> kept;
    private readonly Lock gate = new();
    private readonly double[] recent = new double[Window];
    private int measured;

    public MemoryTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        searches = meter.CreateCounter<long>("memory_searches", null, "Searches, by strategy and by whether anything was found.");
        duration = meter.CreateHistogram<double>("memory_search_duration", "s", "How long a search took.");
        lag = meter.CreateHistogram<double>("memory_index_lag", "s", "From a write to its being searchable by vector, by the database's clock.");
        kept = meter.CreateCounter<long>("memory_housekeeping", null, "Memories that were let go or merged, by reason.");
    }

    public void Searched(IReadOnlyList<MemorySearchStrategy> strategies, int hits, TimeSpan took)
    {
        duration.Record(took.TotalSeconds);
        foreach (var strategy in strategies)
        {
            searches.Add(1, new("strategy", MemoryNames.Word(strategy)), new("found", hits > 0));
        }
    }

    public void Indexed(TimeSpan age)
    {
        lag.Record(age.TotalSeconds);
        lock (gate)
        {
            recent[measured++ % Window] = age.TotalSeconds;
        }
    }

    public void Housekept(string reason, int count)
    {
        if (count > 0)
        {
            kept.Add(count, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    /// <summary>The middle and the longest but the worst 1 in 100 of the last 1,024; null while nothing was measured.</summary>
    public (double? P50, double? P99) Lags()
    {
        lock (gate)
        {
            var sorted = recent.Take(Math.Min(measured, Window)).Order().ToArray();
            return sorted.Length == 0 ? (null, null) : (sorted[sorted.Length / 2], sorted[(int)Math.Ceiling(sorted.Length * .99) - 1]);
        }
    }
}
