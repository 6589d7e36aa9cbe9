using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability.Soak;

/// <summary>Where an API process runs: killed and started again, it is the next one at the same place, behind the same network to PostgreSQL.</summary>
internal sealed class SoakPlace(FaultProxy network, Func<Task<ApiProcess>> start) : IAsyncDisposable
{
    /// <summary>How long a caller waits for an answer before it asks elsewhere.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(5);

    private readonly List<ApiProcess> started = [];

    public FaultProxy Network => network;

    /// <summary>A client of the process that was started last.</summary>
    public HttpClient Client => started[^1].Client;

    public async Task StartAsync()
    {
        var process = await start();
        process.Client.Timeout = Impatience;
        started.Add(process);
    }

    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await TestProcess.GoneAsync(started[^1].Process.Id);
    }

    public Task SignalAsync(string name) => started[^1].Process.SignalAsync(name);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in started)
        {
            await process.DisposeAsync();
        }

        await network.DisposeAsync();
    }
}
