using System.Diagnostics;

namespace AgentSystem.Tests.Architecture;

/// <summary>What .ci/run makes of the runner's report, with a stand-in for dotnet that prints one.</summary>
public sealed class CiRunTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("agentsystem-ci-").FullName;

    [Fact]
    public async Task Run_AllTestsPassed_EndsWithTheCountsAndSucceeds() =>
        Assert.Equal((0, "12 passed, 0 failed"), await RunAsync(Summary(passed: 12), testStatus: 0));

    [Fact]
    public async Task Run_SomeTestsSkipped_SaysSo() =>
        Assert.Equal((0, "12 passed, 0 failed, 3 skipped"), await RunAsync(Summary(passed: 12, skipped: 3), testStatus: 0));

    [Fact]
    public async Task Run_ATestFailed_EndsWithTheCountsAndFails() =>
        Assert.Equal((2, "12 passed, 1 failed"), await RunAsync(Summary(passed: 12, failed: 1), testStatus: 2));

    [Fact]
    public async Task Run_NoTestRan_Fails() => Assert.Equal((1, "0 passed, 0 failed"), await RunAsync(Summary(), testStatus: 0));

    [Fact]
    public async Task Run_RunnerCrashedWithoutAReport_Fails() => Assert.Equal((134, "0 passed, 0 failed"), await RunAsync("", testStatus: 134));

    [Fact]
    public async Task Run_NoRegistryForTheBenchmarksPeers_SaysSoAndGoesOn() =>
        Assert.Equal((0, "12 passed, 0 failed, 2 skipped"), await RunAsync(Summary(passed: 12, skipped: 2), testStatus: 0, npm: "case $PWD in *AgentSystem.Benchmarks*) exit 1;; esac"));

    [Fact]
    public async Task Run_BuildFailed_FailsBeforeTheTests() => Assert.Equal((7, "0 passed, 0 failed"), await RunAsync(Summary(passed: 12), testStatus: 0, buildStatus: 7));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Summary(int passed = 0, int failed = 0, int skipped = 0) =>
        $"Test run summary: as it came out\n  total: {passed + failed + skipped}\n  failed: {failed}\n  succeeded: {passed}\n  skipped: {skipped}\n  duration: 1s 064ms\n";

    private async Task<(int Status, string LastLine)> RunAsync(string summary, int testStatus, int buildStatus = 0, string npm = "exit 0")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), ".ci/run is a bash script.");
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, ".ci"));
        foreach (var packages in new[] { "AgentSystem.Tests/EndToEnd/openai-client", "AgentSystem.Benchmarks/Queue/Graphile", "AgentSystem.Benchmarks/Checkpoint/LangGraph" })
        {
            Directory.CreateDirectory(Path.Combine(folder, packages));
        }

        File.Copy(Path.Combine(Repository.Root, ".ci", "run"), Path.Combine(folder, ".ci", "run"), overwrite: true);
        await File.WriteAllTextAsync(Path.Combine(folder, "summary"), summary);
        StandIn("dotnet", $"case $1 in test) cat '{folder}/summary'; exit {testStatus};; build) exit {buildStatus};; esac");
        StandIn("npm", npm);
        foreach (var tool in new[] { "node", "git", "postgres", "chromium" })
        {
            StandIn(tool, "exit 0");
        }

        var start = new ProcessStartInfo("bash", [Path.Combine(folder, ".ci", "run")]) { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment["PATH"] = $"{bin}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.TrimEnd().Split('\n')[^1]);

        void StandIn(string name, string body)
        {
            var path = Path.Combine(bin, name);
            File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }
}
