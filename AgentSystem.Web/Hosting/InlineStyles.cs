using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AgentSystem.Web.Components;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace AgentSystem.Web.Hosting;

/// <summary>
/// MudBlazor writes its palettes into the page as style elements. The policy allows exactly these two, by their hashes, so that no other style element does anything, whoever manages to put one in.
/// </summary>
internal static partial class InlineStyles
{
    /// <summary>The sources to add to <c>style-src</c>: the components are rendered as the page renders them.</summary>
    public static async Task<string> SourcesAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, services.GetRequiredService<ILoggerFactory>());
        var sources = new List<string>();
        foreach (var (theme, dark) in new[] { (ConsoleTheme.Light, false), (ConsoleTheme.Dark, true) })
        {
            var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<MudThemeProvider>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(MudThemeProvider.Theme)] = theme,
                [nameof(MudThemeProvider.IsDarkMode)] = dark,
                [nameof(MudThemeProvider.ObserveSystemDarkModeChange)] = false,
                [nameof(MudThemeProvider.DefaultScrollbar)] = true,
            }))).ToHtmlString());
            sources.AddRange(Style().Matches(html).Select(static match => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups["text"].Value)))}'"));
        }

        return string.Join(' ', sources.Distinct(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"<style[^>]*>(?<text>.*?)</style>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Style();
}
