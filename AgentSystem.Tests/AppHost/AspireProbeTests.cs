using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.AppHost;

/// <summary>The question to the package feed (eng/AspireProbe.proj), asked of feeds made for the test.</summary>
public sealed partial class AspireProbeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("agentsystem-probe-").FullName;

    private string Answer => Path.Combine(folder, "answer");

    private string Feed => Path.Combine(folder, "feed");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Ask_FeedHasEveryPackage_RemembersTrue()
    {
        Directory.CreateDirectory(Feed);
        var probe = await File.ReadAllTextAsync(Path.Combine(Root(), "eng", "AspireProbe.proj"));
        foreach (Match item in PackagePattern().Matches(probe))
        {
            foreach (var id in item.Groups[1].Value.Split(';'))
            {
                Pack(id, await VersionAsync(item.Groups[2].Value));
            }
        }

        await AskAsync(Feed);
        Assert.Equal("true", (await File.ReadAllTextAsync(Answer)).Trim());
    }

    [Fact]
    public async Task Ask_FeedLacksAPackage_RemembersFalse()
    {
        Directory.CreateDirectory(Feed);
        Pack("Aspire.Hosting.AppHost", await VersionAsync("AspireVersion"));
        var said = await AskAsync(Feed);
        Assert.Equal("false", (await File.ReadAllTextAsync(Answer)).Trim());
        Assert.Contains("The package feed has no Aspire", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_FeedDoesNotAnswer_SaysSoAndRemembersNothing()
    {
        var said = await AskAsync("http://127.0.0.1:1/index.json");
        Assert.False(File.Exists(Answer));
        Assert.Contains("could not be asked", said, StringComparison.Ordinal);
        Assert.Contains("the next restore asks again", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_AnswerIsKnown_DoesNotAskAgain()
    {
        await File.WriteAllTextAsync(Answer, "true");
        Assert.DoesNotContain("Asking the package feed", await AskAsync("http://127.0.0.1:1/index.json"), StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string source)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(Root(), "eng", "AspireProbe.proj"), "-t:Ask", "-nologo", "-v:m", "-nodeReuse:false", $"-p:AspireAnswer={Answer}", $"-p:RestoreSources={source}", "-p:UseAspire=ask", $"-p:ArtifactsPath={folder}/artifacts"]);
        // A folder of its own: made-up packages must not reach the machine's, and the machine's must not answer for the feed.
        start.Environment["NUGET_PACKAGES"] = Path.Combine(folder, "packages");
        start.Environment["NUGET_HTTP_CACHE_PATH"] = Path.Combine(folder, "http");
        await using var process = TestProcess.Start(start);
        Assert.True(await process.ExitAsync() == 0, process.Story());
        return string.Join('\n', process.Output);
    }

    private void Pack(string id, string version)
    {
        using var archive = ZipFile.Open(Path.Combine(Feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var writer = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open());
        writer.Write($"<package><metadata><id>{id}</id><version>{version}</version><description>empty</description><authors>test</authors></metadata></package>");
    }

    private static async Task<string> VersionAsync(string property)
    {
        var versions = await File.ReadAllTextAsync(Path.Combine(Root(), "eng", "Aspire.props"));
        return Regex.Match(versions, $"<{property}>([^<]+)<").Groups[1].Value;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AgentSystem.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex("""<Package(?:Reference|Download) Include="([^"]+)" Version="\[\$\((\w+)\)\]" """)]
    private static partial Regex PackagePattern();
}
