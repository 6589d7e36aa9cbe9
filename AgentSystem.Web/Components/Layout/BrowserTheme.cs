using Microsoft.JSInterop;

namespace AgentSystem.Web.Components.Layout;

/// <summary>Light, dark, or as the system has it. The browser remembers; every switch on a page shows the same.</summary>
public sealed class BrowserTheme(IJSRuntime browser)
{
    public const string AsSystem = "system";

    private Task? _asked;

    /// <summary>Raised when another one is known or chosen.</summary>
    public event EventHandler? Changed;

    /// <summary><c>light</c>, <c>dark</c> or <see cref="AsSystem"/>.</summary>
    public string Chosen { get; private set; } = AsSystem;

    /// <summary>Asks the browser, once. Needs a live circuit.</summary>
    public Task LearnAsync() => _asked ??= AskAsync();

    public async Task ChooseAsync(string name)
    {
        Show(name);
        await browser.InvokeVoidAsync("agentsystem.chooseTheme", name);
    }

    private async Task AskAsync() => Show(await browser.InvokeAsync<string?>("agentsystem.theme") ?? AsSystem);

    private void Show(string name)
    {
        Chosen = name;
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
