using AgentSystem.Tests.Web.Harness;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>The console over a scripted API, in a browser: made anew for each test.</summary>
public abstract class ScriptedConsole : IAsyncLifetime
{
    /// <summary>What the browser complained of.</summary>
    private protected List<string> Complaints { get; } = [];

    private protected ScriptedApi Api { get; private set; } = null!;

    private protected ConsoleHost Console { get; private set; } = null!;

    private protected Chromium Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Browser = await Chromium.StartAsync();
        Api = await ScriptedApi.StartAsync();
        Console = await ConsoleHost.StartAsync(Api.Address);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Browser.DisposeAsync();
        await Console.DisposeAsync();
        await Api.DisposeAsync();
    }
}
