using System.Diagnostics;
using AgentSystem.Benchmarks.Processes;

namespace AgentSystem.Tests.Benchmarks.Processes;

public sealed class ProcessTreeTests
{
    [Fact]
    public async Task ProcessorMilliseconds_OfAShellWithAChild_CountsWhatTheChildTook()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc, which Linux has.");
        // The shell waits on its standard input, so the tree is there until the test lets it go.
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done; cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("done", await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var tree = new ProcessTree(shell.Id);
        Assert.True(tree.ProcessorMilliseconds() > 0);
        Assert.True(tree.MemoryMegabytes() > 0);
        Assert.Contains(shell.Id, tree.Ids());
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, tree.MemoryMegabytes());
    }
}
