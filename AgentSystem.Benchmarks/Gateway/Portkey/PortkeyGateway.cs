using System.Net;
using System.Net.Sockets;
using AgentSystem.Benchmarks.Processes;

namespace AgentSystem.Benchmarks.Gateway.Portkey;

/// <summary>The open-source gateway @portkey-ai/gateway on Node, as its own documentation starts it; the packages beside this file pin it.</summary>
internal static class PortkeyGateway
{
    public const string Name = "portkey";

    private const string Package = "@portkey-ai/gateway";
    private const int Attempts = 200;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);
    private static readonly string Folder = Path.Combine("AgentSystem.Benchmarks", "Gateway", "Portkey");
    private static readonly string Server = Path.Combine("node_modules", "@portkey-ai", "gateway", "build", "start-server.js");

    /// <summary>Null when it can be started; otherwise why not, with the cure.</summary>
    public static Task<string?> PrepareAsync(CancellationToken cancellation) => NodePackages.PrepareAsync(Folder, Package, cancellation);

    /// <summary>Starts it on a free port and waits until it answers.</summary>
    public static async Task<(ChildProcess Process, Uri Url)> StartAsync(string processors, CancellationToken cancellation)
    {
        var port = FreePort();
        var process = ChildProcess.Start(processors, "node", [Server, $"--port={port}", "--headless"], Path.Combine(Checkout.Root, Folder));
        var url = new Uri($"http://127.0.0.1:{port}");
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await http.GetAsync(url, cancellation);
                return (process, url);
            }
            catch (HttpRequestException) when (attempt < Attempts)
            {
                await Task.Delay(BetweenAttempts, cancellation);
            }
            catch (HttpRequestException failure)
            {
                process.Kill();
                throw new TimeoutException($"Portkey does not answer on {url}: {process.Story()}", failure);
            }
        }
    }

    /// <summary>What tells it where a request goes.</summary>
    public static IReadOnlyDictionary<string, string> Headers(Uri upstream) => new Dictionary<string, string>
    {
        ["x-portkey-provider"] = "openai",
        ["x-portkey-custom-host"] = new Uri(upstream, "/v1").ToString(),
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
