using AgentSystem.Benchmarks.Gateway;
using AgentSystem.Benchmarks.Inference;
using AgentSystem.Benchmarks.ModelQuality;
using AgentSystem.Benchmarks.Processes;
using AgentSystem.Benchmarks.Security;
using AgentSystem.Benchmarks.Sessions;
using AgentSystem.Benchmarks.Start;

namespace AgentSystem.Benchmarks;

/// <summary>The benchmarks by name: <c>dotnet run -c Release --project AgentSystem.Benchmarks -- NAME [--json FILE]</c>.</summary>
internal static class BenchmarkProgram
{
    private static readonly (string Name, string Measures, Func<CancellationToken, Task<Report>> RunAsync)[] Benchmarks =
    [
        ("gateway", "requests per second, latency and processor time of AgentSystem, YARP and Portkey in front of one scripted model", GatewayBenchmark.RunAsync),
        ("inference", "tokens per second of the engine against a bare decoding loop, and first-token latency", InferenceBenchmark.RunAsync),
        ("model-quality", "exact match per tool of the shipped model over its test set", ModelQualityBenchmark.RunAsync),
        ("security", "what screening finds and wrongly flags in the shipped evaluation set, its latency, and its matcher against a compiled Regex", SecurityBenchmark.RunAsync),
        ("train-security", "trains the injection models on AGENTSYSTEM_CORPUS and writes their weights; figures on held-out clusters", SecurityTraining.RunAsync),
        ("state", "strong updates of agents' sessions per second against pgbench -N on the same server", StateBenchmark.RunAsync),
        ("start", "time from the start of the whole system to its readiness, and to its stop, against the promised limits", StartBenchmark.RunAsync),
    ];

    public static async Task<int> Main(string[] args)
    {
        if (args is [Role.Verb, var role, .. var rest])
        {
            return await Role.PlayAsync(role, rest);
        }

        var benchmark = Array.Find(Benchmarks, each => args is [var name, ..] && each.Name == name);
        if (benchmark.RunAsync is null || args is not ([_] or [_, "--json", _]))
        {
            await Console.Error.WriteLineAsync($"Usage: NAME [--json FILE]. Known are:{string.Concat(Benchmarks.Select(each => $"\n  {each.Name}  {each.Measures}"))}");
            return 2;
        }

        return await ReportFiles.WriteAsync(await benchmark.RunAsync(CancellationToken.None), Machine.Look(TimeProvider.System), args is [_, _, var file] ? file : null);
    }
}
