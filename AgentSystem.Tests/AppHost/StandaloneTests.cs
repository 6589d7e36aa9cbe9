using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.AppHost;

[UnsupportedOSPlatform("windows")]
public sealed class StandaloneTests : IAsyncLifetime
{
    private static readonly TimeSpan PromisedStop = TimeSpan.FromSeconds(5);

    private readonly StandaloneRun run = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await run.DisposeAsync();
    }

    [Fact]
    public async Task Start_FromNothing_ServesBothHostsAndLeavesNothingBehind()
    {
        var process = run.Start();
        var (api, web) = await StandaloneRun.AddressesAsync(process);
        await ReadyAsync(api);
        await ReadyAsync(web);
        foreach (var asset in new[] { "/_framework/blazor.web.js", "/_content/MudBlazor/MudBlazor.min.css", "/app.css" })
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(web, asset))).StatusCode);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(run.Folder, "root.key")));
        var postgres = PostgresProcess();
        var clock = Stopwatch.StartNew();
        await process.SignalAsync("INT");
        Assert.Equal(0, await process.ExitAsync());
        // The server takes its pid file away just before it leaves itself.
        await TestProcess.GoneAsync(postgres);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, PromisedStop);
        Assert.False(File.Exists(run.LockFile));
        Assert.False(File.Exists(run.PostmasterFile));
    }

    [Fact]
    public async Task Start_AfterAKill_StopsTheOrphanAndFindsItsData()
    {
        var killed = run.Start();
        await ReadyAsync((await StandaloneRun.AddressesAsync(killed)).Api);
        await ExecuteAsync("create table kept (n int); insert into kept values (11)");
        var orphan = PostgresProcess();
        await killed.SignalAsync("KILL");
        await killed.ExitAsync();
        Assert.True(TestProcess.Lives(orphan));

        var next = run.Start();
        await ReadyAsync((await StandaloneRun.AddressesAsync(next)).Api);
        Assert.False(TestProcess.Lives(orphan));
        Assert.Equal(11, await ExecuteAsync("select n from kept"));
        Assert.DoesNotContain(next.Output, line => line.StartsWith("Admin key", StringComparison.Ordinal));
        // A service manager signals the group, and dotnet run passes the signal on: the second must not cut the stop short.
        await next.SignalAsync("TERM");
        await next.SignalAsync("TERM");
        Assert.Equal(0, await next.ExitAsync());
    }

    [Fact]
    public async Task Start_AsAnOrdinaryUser_Works()
    {
        StandaloneRun.SkipInTheAspireWorld();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can start a process as another user; run without root, every other test here is the ordinary user's.");
        Directory.CreateDirectory(run.Folder);
        File.SetUnixFileMode(run.Folder, (UnixFileMode)0b111_111_111);
        using var probe = Process.Start(new ProcessStartInfo("test", ["-r", typeof(StandaloneTests).Assembly.Location]) { UserName = "nobody", WorkingDirectory = "/" })!;
        await probe.WaitForExitAsync();
        Assert.SkipUnless(probe.ExitCode == 0, "The build lies in a folder that the user nobody cannot read.");

        var process = run.Start([], "nobody", ("ASPNETCORE_STATICWEBASSETS", run.CopyAssets()));
        await ReadyAsync((await StandaloneRun.AddressesAsync(process)).Api);
        await process.SignalAsync("INT");
        Assert.Equal(0, await process.ExitAsync());
    }

    [Fact]
    public async Task Start_PortTaken_SaysSoInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var line = await StandaloneRun.RefusalAsync(run.Start(("AGENTSYSTEM_API_URL", $"http://{taken.LocalEndpoint}")));
        Assert.Contains("the port is taken", line, StringComparison.Ordinal);
        Assert.Contains("AGENTSYSTEM_API_URL", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.Folder));
    }

    [Fact]
    public async Task Start_FolderCannotBeWritten_SaysSoInOneLine()
    {
        var file = Path.GetTempFileName();
        var line = await StandaloneRun.RefusalAsync(run.Start(("AGENTSYSTEM_DATA", Path.Combine(file, "data"))));
        Assert.Contains("cannot be written", line, StringComparison.Ordinal);
        Assert.Contains("AGENTSYSTEM_DATA", line, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Start_FolderInUse_SaysSoInOneLine()
    {
        var first = run.Start();
        await StandaloneRun.AddressesAsync(first);
        var line = await StandaloneRun.RefusalAsync(run.Start());
        Assert.Contains("Another AgentSystem uses the data folder", line, StringComparison.Ordinal);
        await first.SignalAsync("INT");
        Assert.Equal(0, await first.ExitAsync());
    }

    [Fact]
    public async Task Start_NoPostgres_SaysWhatTheMachineNeeds()
    {
        var line = await StandaloneRun.RefusalAsync(run.Start(("AGENTSYSTEM_POSTGRES_BIN", "/nonexistent")));
        Assert.Contains("apt-get install postgresql", line, StringComparison.Ordinal);
        Assert.False(File.Exists(run.LockFile));
    }

    [Fact]
    public async Task Start_WrongOptions_AreToldTogetherInOneLine()
    {
        var line = await StandaloneRun.RefusalAsync(run.Start(("AGENTSYSTEM_API_URL", "nonsense"), ("AGENTSYSTEM_ROOT_KEY", "short"), ("AGENTSYSTEM_ADMIN_KEY", "short")));
        Assert.Contains("AGENTSYSTEM_API_URL", line, StringComparison.Ordinal);
        Assert.Contains("AGENTSYSTEM_ADMIN_KEY has 5 characters", line, StringComparison.Ordinal);
        Assert.Contains("AGENTSYSTEM_ROOT_KEY", line, StringComparison.Ordinal);
        Assert.DoesNotContain("short", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongSettingsOfEveryHost_AreToldTogetherBeforeAnythingIsStarted()
    {
        var line = await StandaloneRun.RefusalAsync(run.Start(
            ("Caching__Lifetime", "soon"), ("Routing__Slots", "0"), ("Threads__MaxMesages", "5"), ("Models__mine__Provider", "onyx"), ("Roles", "flying"), ("Api__PublicUrl", "nowhere"),
            ("AGENTSYSTEM_ADMIN_KEY", "short"), ("ConnectionStrings__qdrant", "Endpoint=http://127.0.0.1:1")));
        Assert.All(
            new[] { "Caching:Lifetime", "Routing:Slots", "Threads:MaxMesages", "Models:mine:Provider", "Roles names", "Api:PublicUrl", "AGENTSYSTEM_ADMIN_KEY", "ConnectionStrings__qdrant" },
            setting => Assert.Contains(setting, line, StringComparison.Ordinal));
        Assert.False(Directory.Exists(run.Folder));
    }

    private int PostgresProcess() => int.Parse(File.ReadLines(run.PostmasterFile).First(), CultureInfo.InvariantCulture);

    private async Task<object?> ExecuteAsync(string statement)
    {
        var socket = File.ReadLines(run.PostmasterFile).ElementAt(4);
        await using var source = NpgsqlDataSource.Create($"Host={socket};Username=postgres;Database=agentsystem;Pooling=false");
        await using var command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Asks until the answer is 200; a model may still be loading.</summary>
    private async Task ReadyAsync(Uri host)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await http.GetAsync(new Uri(host, "/ready"), patience.Token)).StatusCode != HttpStatusCode.OK)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
