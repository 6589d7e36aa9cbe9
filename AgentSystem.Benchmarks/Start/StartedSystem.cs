using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.Benchmarks.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Benchmarks.Start;

/// <summary>The whole system on a data folder of its own, started as the README says and watched from outside.</summary>
internal sealed class StartedSystem : IAsyncDisposable
{
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"agentsystem-start-{Environment.ProcessId}-{Path.GetRandomFileName()}");
    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(5) };
    private Process? command;

    /// <summary>Starts it and gives the time until <c>/ready</c> answered 200.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task<TimeSpan> StartAsync(CancellationToken cancellation)
    {
        var (api, web) = (FreePort(), FreePort());
        string[] arguments = ["run", "--no-build", "-c", Checkout.Configuration, "--project", "AgentSystem.AppHost"];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var inherited in start.Environment.Keys.Where(ChildProcess.IsSetting).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["AGENTSYSTEM_DATA"] = folder;
        start.Environment["AGENTSYSTEM_API_URL"] = $"http://127.0.0.1:{api}";
        start.Environment["AGENTSYSTEM_WEB_URL"] = $"http://127.0.0.1:{web}";
        var clock = Stopwatch.StartNew();
        command = Process.Start(start)!;
        command.BeginOutputReadLine();
        var errors = command.StandardError.ReadToEndAsync(cancellation);
        while (!await IsReadyAsync(api, cancellation))
        {
            if (command.HasExited)
            {
                throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {command.ExitCode}: {await errors}");
            }

            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"The system was not ready within {Patience}.");
            }

            await Task.Delay(BetweenQuestions, cancellation);
        }

        return clock.Elapsed;
    }

    /// <summary>Stops it as Ctrl+C does and gives the time until its last process was gone.</summary>
    public async Task<TimeSpan> StopAsync(CancellationToken cancellation)
    {
        var processes = Processes();
        var clock = Stopwatch.StartNew();
        await SignalAsync("INT", [Host()], cancellation);
        await command!.WaitForExitAsync(cancellation);
        while (processes.Any(Lives))
        {
            await Task.Delay(BetweenQuestions, cancellation);
        }

        return clock.Elapsed;
    }

    /// <summary>Kills the command and the system; its PostgreSQL lives on, as after a crash.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        await SignalAsync("KILL", [.. new ProcessTree(command!.Id).Ids()], cancellation);
        await command.WaitForExitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (command is { HasExited: false })
        {
            await StopAsync(CancellationToken.None);
        }

        command?.Dispose();
        http.Dispose();
        if (Directory.Exists(folder))
        {
            await EmbeddedPostgres.RemoveAsync(folder, NullLogger.Instance, CancellationToken.None);
        }
    }

    private async Task<bool> IsReadyAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/ready"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // Nobody listens yet.
        }
    }

    // dotnet run is the command; its child is the system. PostgreSQL is in a session of its own.
    private int Host() => new ProcessTree(command!.Id).Ids()[1];

    private int[] Processes() => [.. new ProcessTree(command!.Id).Ids(), int.Parse(File.ReadLines(Path.Combine(folder, "postgres", "postmaster.pid")).First(), CultureInfo.InvariantCulture)];

    private static bool Lives(int id) => File.Exists($"/proc/{id}/stat") && File.ReadAllText($"/proc/{id}/stat") is var line && line[line.LastIndexOf(')') + 2] != 'Z';

    private static async Task SignalAsync(string name, int[] ids, CancellationToken cancellation)
    {
        using var kill = Process.Start("kill", [$"-{name}", .. ids.Select(id => $"{id}")]);
        await kill.WaitForExitAsync(cancellation);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
