using System.Diagnostics;

namespace AgentSystem.Benchmarks.Processes;

/// <summary>Which processors the measured process has, and which the load generator and the scripted model have: neither must take time from the other.</summary>
/// <param name="Measured">As <c>taskset</c> takes them; empty where nothing is pinned.</param>
/// <param name="Others">Likewise.</param>
internal sealed record ProcessorSplit(string Measured, string Others)
{
    /// <summary>In words.</summary>
    public string Description => Measured.Length == 0
        ? "nothing is pinned (one processor, or no taskset): generator and subject take time from each other"
        : $"subjects pinned to processor {Measured} (PostgreSQL with them), generator and scripted model to {Others}";

    /// <summary>Half for each, where there are two processors and <c>taskset</c>.</summary>
    public static ProcessorSplit Choose()
    {
        var half = Environment.ProcessorCount / 2;
        return half == 0 || !HasTaskset() ? new ProcessorSplit("", "") : new ProcessorSplit(Range(0, half - 1), Range(half, (2 * half) - 1));
    }

    private static string Range(int first, int last) => first == last ? $"{first}" : $"{first}-{last}";

    private static bool HasTaskset()
    {
        try
        {
            using var taskset = Process.Start(new ProcessStartInfo("taskset", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            taskset.WaitForExit();
            return taskset.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // Not on the PATH.
        }
    }
}
