using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentSystem.Benchmarks;

/// <summary>Where figures come from; without it they say nothing.</summary>
/// <param name="Processors">Logical processors this process may use.</param>
/// <param name="MemoryGiB">Physical memory, or the container's limit.</param>
/// <param name="Commit">The checkout's commit, with <c>+</c> behind it where files were changed; empty outside a checkout.</param>
/// <param name="Load">Runnable processes over the last minute when the run ended, this one included; a busy machine shows here. Null where the system does not tell.</param>
internal sealed record Machine(int Processors, string Processor, double MemoryGiB, string Platform, string Runtime, string Build, string Commit, string Date, double? Load)
{
    /// <summary>Reads this machine.</summary>
    public static Machine Look(TimeProvider time) => new(
        Environment.ProcessorCount,
        ProcessorName(),
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30), 1),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        Checkout.Configuration,
        ReadCommit(),
        time.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC",
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null);

    public override string ToString() => $"{Processors} x {Processor}, {MemoryGiB:0.#} GiB, {Platform}, {Runtime} ({Build}), commit {Commit}, {Date}, load {Load}";

    private static string ProcessorName() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line.Split(':', 2)[1].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static string ReadCommit() => Git("rev-parse", "--short", "HEAD") is { } commit ? commit + (Git("status", "--porcelain", "--untracked-files=no") is "" ? "" : "+") : "";

    private static string? Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? said : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // No git here; the figures stand without the commit.
        }
    }
}
