using AgentSystem.Web.Components.Controls;

namespace AgentSystem.Web.Components;

internal static class ConsoleComponents
{
    public static void AddConsoleComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddScoped<BrowserTime>();
    }

    public static void MapConsolePages(this IEndpointRouteBuilder routes) =>
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(static options =>
            // The header middleware says frame-ancestors 'none' for every answer; Blazor's own, laxer header would only be a second one.
            options.ContentSecurityFrameAncestorsPolicy = null);
}
