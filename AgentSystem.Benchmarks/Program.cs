using AgentSystem.Benchmarks.Inference;
using AgentSystem.Benchmarks.ModelQuality;

namespace AgentSystem.Benchmarks;

/// <summary>The benchmarks by name: <c>dotnet run -c Release --project AgentSystem.Benchmarks -- NAME [--json FILE]</c>.</summary>
internal static class BenchmarkProgram
{
    private static readonly (string Name, string Measures, Func<CancellationToken, Task<Report>> RunAsync)[] Benchmarks =
    [
        ("inference", "tokens per second of the engine against a bare decoding loop, and first-token latency", InferenceBenchmark.RunAsync),
        ("model-quality", "exact match per tool of the shipped model over its test set", ModelQualityBenchmark.RunAsync),
    ];

    public static async Task<int> Main(string[] args)
    {
        var benchmark = Array.Find(Benchmarks, each => args is [var name, ..] && each.Name == name);
        if (benchmark.RunAsync is null || args is not ([_] or [_, "--json", _]))
        {
            await Console.Error.WriteLineAsync($"Usage: NAME [--json FILE]. Known are:{string.Concat(Benchmarks.Select(each => $"\n  {each.Name}  {each.Measures}"))}");
            return 2;
        }

        var report = await benchmark.RunAsync(CancellationToken.None);
        Console.Write(report.ToTable());
        if (args is [_, _, var file])
        {
            await File.WriteAllTextAsync(file, report.ToJson());
        }

        return 0;
    }
}
