using System.Diagnostics.Metrics;

namespace AgentSystem.Runtime.Caching;

/// <summary>Counts what an answer cache's store did not do.</summary>
internal sealed class CacheStoreTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Caching";

    private readonly Counter<long> failures;

    public CacheStoreTelemetry(IMeterFactory meters) =>
        failures = meters.Create(Name).CreateCounter<long>("answer_cache_failures", null, "Calls the answer cache's store did not answer, by operation.");

    /// <param name="operation"><c>get</c> or <c>set</c>.</param>
    public void Failed(string operation) => failures.Add(1, new KeyValuePair<string, object?>("operation", operation));
}
