using System.Diagnostics;

namespace AgentSystem.Tests.Architecture;

/// <summary>That packages are locked, and what eng/supply-chain makes of NuGet's audit, with a stand-in for dotnet that prints one.</summary>
public sealed class SupplyChainTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("agentsystem-supply-").FullName;

    [Fact]
    public void Projects_EachOfThem_HasItsLockFileAndCiRestoresByIt()
    {
        var ci = Repository.File(".ci/run").Text;

        Assert.All(Repository.Projects, static project => Assert.True(Repository.Exists($"{project.Name}/packages.lock.json"), project.Name));
        Assert.Contains("RestoreLockedMode Condition=\"'$(CI)' == 'true'", Repository.File("eng/Aspire.props").Text, StringComparison.Ordinal);
        Assert.InRange(ci.IndexOf("export CI=true", StringComparison.Ordinal), 0, ci.IndexOf("dotnet restore", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 0, 0, "no advisory for any package")]
    [InlineData("", 0, 0, "nothing was audited", "SearchQueryService")]
    [InlineData("warning NU1905: Audit source does not provide a vulnerability database", 0, 0, "nothing was audited")]
    [InlineData("warning NU1903: Package 'X' 1.0.0 has a known high severity vulnerability", 0, 1, "NU1903")]
    [InlineData("warning NU1901: Package 'Y' 1.0.0 has a known low severity vulnerability", 1, 1, "NU1901")]
    [InlineData("error NU1301: Unable to load the service index", 1, 1, "NU1301")]
    public async Task Audit_OfWhatNuGetSays_IsToldAsItIs(string printed, int restored, int expected, string said, string served = "VulnerabilityInfo/6.7.0")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "eng/supply-chain is a bash script.");
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "eng"));
        var script = Path.Combine(folder, "eng", "supply-chain");
        File.Copy(Path.Combine(Repository.Root, "eng", "supply-chain"), script);
        await File.WriteAllTextAsync(Path.Combine(folder, "printed"), printed + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "index.json"), $$"""{"resources":[{"@type":"{{served}}"}]}""");
        var dotnet = Path.Combine(bin, "dotnet");
        await File.WriteAllTextAsync(dotnet, $"#!/bin/sh\nif [ \"$1\" = nuget ]; then echo 'E file://{folder}/index.json'; exit 0; fi\ncat '{folder}/printed'\nexit {restored}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo("bash", [script, "audit"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = bin + ":" + Environment.GetEnvironmentVariable("PATH");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        Assert.Equal(expected, process.ExitCode);
        Assert.Contains(said, await output + await error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
