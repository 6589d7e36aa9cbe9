using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.Components.Layout;
using MudBlazor;
using MudBlazor.Services;

namespace AgentSystem.Web.Components;

internal static class ConsoleComponents
{
    private const int NoteMilliseconds = 3500;

    /// <summary>
    /// Bytes of the largest thing a browser may send through its circuit. A field's text travels twice, as JSON within JSON, up to four bytes a character; the longest
    /// the API takes is 1 MB (<see cref="Pages.Chat.ChatPanel.LongestMessage"/>). SignalR's own 32 kB would end the circuit without a word and lose what was typed.
    /// </summary>
    internal const int LargestCircuitMessage = 8 * 1024 * 1024;

    public static void AddConsoleComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(static hub => hub.MaximumReceiveMessageSize = LargestCircuitMessage);
        services.AddMudServices(static mud =>
        {
            // What is pressed stands at the foot (save bars, the composer) and at the right of the head; notes must cover neither.
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.TopCenter;
            mud.SnackbarConfiguration.VisibleStateDuration = NoteMilliseconds;
            mud.SnackbarConfiguration.ShowTransitionDuration = 150;
            mud.SnackbarConfiguration.HideTransitionDuration = 150;
        });
        services.AddScoped<BrowserTime>();
        services.AddScoped<BrowserTheme>();
        services.AddScoped<Prices>();
    }

    public static void MapConsolePages(this IEndpointRouteBuilder routes) =>
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(static options =>
            // The header middleware says frame-ancestors 'none' for every answer; Blazor's own, laxer header would only be a second one.
            options.ContentSecurityFrameAncestorsPolicy = null);
}
