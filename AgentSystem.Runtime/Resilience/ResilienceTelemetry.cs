using System.Diagnostics.Metrics;

namespace AgentSystem.Runtime.Resilience;

/// <summary>Counters of what resilience did, by model.</summary>
internal sealed class ResilienceTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AgentSystem.Resilience";

    private readonly Counter<long> retries;
    private readonly Counter<long> fallbacks;
    private readonly Counter<long> turns;

    public ResilienceTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        retries = meter.CreateCounter<long>("model_retries", null, "Attempts after the first, by model and failure.");
        fallbacks = meter.CreateCounter<long>("model_fallbacks", null, "Calls that went on to another model, by the model that failed and its failure.");
        turns = meter.CreateCounter<long>("model_breaker_turns", null, "Changes of a model's breaker, by the state it went to.");
    }

    public void Retried(string model, string code) => retries.Add(1, Tag("model", model), Tag("error_type", code));

    public void FellBack(string model, string code) => fallbacks.Add(1, Tag("model", model), Tag("error_type", code));

    public void Turned(string model, string state) => turns.Add(1, Tag("model", model), Tag("state", state));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
