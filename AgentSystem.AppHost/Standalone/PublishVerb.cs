using AgentSystem.Control.Deployment.Kubernetes.Chart;
using AgentSystem.Control.Deployment.Kubernetes.Rules;

namespace AgentSystem.AppHost.Standalone;

/// <summary><c>publish --output-path DIR</c>: writes the Helm chart of the whole system, by our own emitter. Nothing is started and nothing is asked.</summary>
internal static class PublishVerb
{
    private const string Usage = "publish --output-path DIR";

    /// <summary>Runs it.</summary>
    /// <param name="arguments">What stands behind the word.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="errors">Where a refusal goes, one line.</param>
    /// <returns>0: written; 1: not written, for a reason to mend; 2: the call itself was wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        if (Folder(arguments) is not { } folder)
        {
            await errors.WriteLineAsync($"Usage: {Usage}. The folder must be empty or new.");
            return 2;
        }

        var chart = SystemChart.Make();
        if (ChartValidator.Check(chart) is { Count: > 0 } findings)
        {
            await errors.WriteLineAsync($"publish: the chart breaks {findings.Count} rules and is not written, which is a defect of this build: {string.Join("; ", findings)}");
            return 1;
        }

        if (ChartFolder.Write(chart, Path.GetFullPath(folder)) is { } refusal)
        {
            await errors.WriteLineAsync($"publish: {refusal}");
            return 1;
        }

        await output.WriteLineAsync($"The chart is in {Path.GetFullPath(folder)}: {chart.Files.Count} files. docs/operations/kubernetes.md says how to install it.");
        return 0;
    }

    private static string? Folder(IReadOnlyList<string> arguments) => arguments switch
    {
        ["--output-path" or "-o", { Length: > 0 } folder] => folder,
        [var one] when one.StartsWith("--output-path=", StringComparison.Ordinal) && one.Length > "--output-path=".Length => one["--output-path=".Length..],
        _ => null,
    };
}
