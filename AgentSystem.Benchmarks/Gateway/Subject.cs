using AgentSystem.Benchmarks.Gateway.Load;
using AgentSystem.Benchmarks.Processes;

namespace AgentSystem.Benchmarks.Gateway;

/// <summary>One way to the model.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Address">Where it serves.</param>
/// <param name="Model">The model to name there.</param>
/// <param name="Headers">What it asks for beside the usual headers.</param>
/// <param name="Tree">Its processes.</param>
internal sealed record Subject(string Name, Uri Address, string Model, IReadOnlyDictionary<string, string> Headers, ProcessTree Tree)
{
    /// <summary>What the generator is told.</summary>
    public LoadOrder Order(GatewayCase situation, double seconds, int? questions) =>
        new(Address, Headers, Model, situation.Streams, situation.ThinkMilliseconds, situation.Connections, seconds, questions);
}

/// <summary>A situation every subject is measured in.</summary>
internal sealed record GatewayCase(bool Streams, int ThinkMilliseconds, int Connections);

/// <summary>What is measured and for how long.</summary>
/// <param name="Rounds">Rounds; in every second one the subjects take turns backwards.</param>
/// <param name="WarmUpSeconds">Per subject, before the first round.</param>
/// <param name="Seconds">Of one subject in one case in one round.</param>
/// <param name="Questions">Most questions of the same; null: as many as the time allows.</param>
/// <param name="WithPortkey">Also measure Portkey, and install it if need be.</param>
internal sealed record GatewayPlan(IReadOnlyList<GatewayCase> Cases, int Rounds, double WarmUpSeconds, double Seconds, int? Questions, bool WithPortkey)
{
    /// <summary>The plan of the benchmark.</summary>
    public static GatewayPlan Whole { get; } = new(
        [.. from shape in new[] { (Streams: false, Think: 0), (Streams: false, Think: 20), (Streams: true, Think: 20) } from connections in new[] { 1, 16, 64 } select new GatewayCase(shape.Streams, shape.Think, connections)],
        Rounds: 5, WarmUpSeconds: 20, Seconds: 1.5, Questions: null, WithPortkey: true);
}

/// <summary>One measurement of one subject.</summary>
/// <param name="Load">What the generator saw.</param>
/// <param name="ProcessorMilliseconds">What the subject's processes took, until they were idle again.</param>
/// <param name="MemoryMegabytes">What they held afterwards.</param>
internal sealed record Measurement(LoadResult Load, double ProcessorMilliseconds, double MemoryMegabytes)
{
    public double ProcessorPerAnswer => ProcessorMilliseconds / Math.Max(1, Load.Answers);
}
