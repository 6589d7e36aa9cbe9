using AgentSystem.Control.Deployment.Kubernetes.Chart;

namespace AgentSystem.Tests.AppHost;

/// <summary>The verb <c>publish</c> of the world without Aspire, as its own process.</summary>
public sealed class PublishTests : IAsyncLifetime
{
    private readonly StandaloneRun run = new();

    private string Chart => Path.Combine(run.Folder, "chart");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => run.DisposeAsync();

    [Fact]
    public async Task Publish_IntoANewFolder_WritesTheChartAndStartsNothing()
    {
        var process = run.Start(["publish", "--output-path", Chart], null);

        Assert.True(await process.ExitAsync() == 0, string.Join('\n', process.Errors));
        Assert.Equal(SystemChart.Make().Files, Directory.EnumerateFiles(Chart, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(Chart, file).Replace('\\', '/'), File.ReadAllText));
        Assert.False(File.Exists(run.LockFile));
    }

    [Fact]
    public async Task Publish_IntoAFolderWithAnOlderChart_SaysSoInOneLineAndTouchesNothing()
    {
        Directory.CreateDirectory(Chart);
        await File.WriteAllTextAsync(Path.Combine(Chart, "old.yaml"), "kept");

        var line = await StandaloneRun.RefusalAsync(run.Start(["publish", "--output-path=" + Chart], null));

        Assert.Contains("is not empty: name an empty or a new one", line, StringComparison.Ordinal);
        Assert.Equal("old.yaml", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(Chart))));
    }

    [Fact]
    public async Task Publish_WhereAFileIs_SaysSoInOneLine()
    {
        Directory.CreateDirectory(run.Folder);
        await File.WriteAllTextAsync(Chart, "a file");

        var line = await StandaloneRun.RefusalAsync(run.Start(["publish", "-o", Path.Combine(Chart, "below")], null));

        Assert.Contains("cannot be written", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("publish --output-path")]
    [InlineData("publish --output x")]
    public async Task Publish_WithoutAFolder_SaysHowItIsCalled(string arguments)
    {
        var process = run.Start(arguments.Split(' '), null);

        Assert.Equal(2, await process.ExitAsync());
        Assert.Contains("publish --output-path DIR", Assert.Single(process.Errors), StringComparison.Ordinal);
    }
}
