using Microsoft.JSInterop;

namespace AgentSystem.Web.Components.Controls;

/// <summary>Times as the person in front of the browser reads them.</summary>
public sealed class BrowserTime(IJSRuntime browser)
{
    private Task? _asked;

    /// <summary>The browser's zone, once <see cref="LearnAsync"/> has asked; UTC until then and where the zone is unknown here.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Asks the browser, once. Needs a live circuit.</summary>
    public Task LearnAsync() => _asked ??= AskAsync();

    public DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    private async Task AskAsync()
    {
        var name = await browser.InvokeAsync<string?>("agentsystem.timeZone");
        if (name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            Zone = zone;
        }
    }
}
