using AgentSystem.Benchmarks.Processes;
using AgentSystem.Benchmarks.SupplyChain;

namespace AgentSystem.Benchmarks;

/// <summary>The benchmarks by name: <c>dotnet run -c Release --project AgentSystem.Benchmarks -- NAME [--json FILE]</c>.</summary>
internal static class BenchmarkProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [Role.Verb, var role, .. var rest])
        {
            return await Role.PlayAsync(role, rest);
        }

        if (args is ["sbom", var bill])
        {
            using var stop = new Interruption();
            return await BillOfMaterials.WriteAsync(Checkout.Root, bill, stop.Token);
        }

        var benchmark = Catalogue.Benchmarks.FirstOrDefault(each => args is [var name, ..] && each.Name == name);
        if (benchmark.RunAsync is null || args is not ([_] or [_, "--json", _]))
        {
            await Console.Error.WriteLineAsync($"Usage: NAME [--json FILE]. Known are:{string.Concat(Catalogue.Benchmarks.Select(each => $"\n  {each.Name}  {each.Measures}"))}");
            return 2;
        }

        using var interruption = new Interruption();
        try
        {
            return await ReportFiles.WriteAsync(await benchmark.RunAsync(interruption.Token), Machine.Look(TimeProvider.System), args is [_, _, var file] ? file : null);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return Interruption.Status;
        }
    }
}
