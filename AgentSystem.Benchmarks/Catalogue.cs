using AgentSystem.Benchmarks.Checkpoint;
using AgentSystem.Benchmarks.Gateway;
using AgentSystem.Benchmarks.Inference;
using AgentSystem.Benchmarks.ModelQuality;
using AgentSystem.Benchmarks.Queue;
using AgentSystem.Benchmarks.Roles;
using AgentSystem.Benchmarks.Sealing;
using AgentSystem.Benchmarks.Security;
using AgentSystem.Benchmarks.Sessions;
using AgentSystem.Benchmarks.Start;

namespace AgentSystem.Benchmarks;

/// <summary>The benchmarks by name.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<(string Name, string Measures, Func<CancellationToken, Task<Report>> RunAsync)> Benchmarks { get; } =
    [
        ("checkpoint", "recorded steps per second of the journal of runs and of LangGraph.js' PostgresSaver on one PostgreSQL", CheckpointBenchmark.RunAsync),
        ("gateway", "requests per second, latency and processor time of AgentSystem, YARP and Portkey in front of one scripted model", GatewayBenchmark.RunAsync),
        ("inference", "tokens per second of the engine against a bare decoding loop, and first-token latency", InferenceBenchmark.RunAsync),
        ("model-quality", "exact match per tool of the shipped model over its test set", ModelQualityBenchmark.RunAsync),
        ("queue", "durable jobs per second through the queue of runs, graphile-worker and Hangfire on one PostgreSQL", QueueBenchmark.RunAsync),
        ("roles", "what a call of a role costs in process and over gRPC with TLS on both sides", RolesBenchmark.RunAsync),
        ("sealing", "what sealing adds to keeping and replaying an answer of an idempotent request, against the same in plain", SealingBenchmark.RunAsync),
        ("security", "what screening finds and wrongly flags in the shipped evaluation set, its latency, and its matcher against a compiled Regex", SecurityBenchmark.RunAsync),
        ("state", "strong updates of agents' sessions per second against pgbench -N on the same server", StateBenchmark.RunAsync),
        ("start", "time from the start of the whole system to its readiness, and to its stop, against the promised limits", StartBenchmark.RunAsync),
        ("train-security", "trains the injection models on AGENTSYSTEM_CORPUS and writes their weights; figures on held-out clusters", SecurityTraining.RunAsync),
    ];
}
