using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.Components.Layout;
using MudBlazor;
using MudBlazor.Services;

namespace AgentSystem.Web.Components;

internal static class ConsoleComponents
{
    private const int NoteMilliseconds = 3500;

    public static void AddConsoleComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(static mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.VisibleStateDuration = NoteMilliseconds;
            mud.SnackbarConfiguration.ShowTransitionDuration = 150;
            mud.SnackbarConfiguration.HideTransitionDuration = 150;
        });
        services.AddScoped<BrowserTime>();
        services.AddScoped<BrowserTheme>();
    }

    public static void MapConsolePages(this IEndpointRouteBuilder routes) =>
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(static options =>
            // The header middleware says frame-ancestors 'none' for every answer; Blazor's own, laxer header would only be a second one.
            options.ContentSecurityFrameAncestorsPolicy = null);
}
