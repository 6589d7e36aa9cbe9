using Microsoft.Playwright;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>The browser installed on this machine; tests that need it are skipped, by name, where there is none.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    /// <summary>Overrides where the browser is.</summary>
    private const string Variable = "CHROMIUM";

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable(Variable) ?? Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"Chromium is not installed; install it (apt-get install chromium) or name it in {Variable}.");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
        return new Chromium(playwright, browser);
    }

    private const string RefusedStyle = "Applying inline style violates";

    /// <summary>MudBlazor fades its notes by a style element with a name drawn anew for each; the policy refuses it, and notes come without fading. Any other refusal is a complaint.</summary>
    private const string TellRefusals =
        "document.addEventListener('securitypolicyviolation', e => { if (!e.target.closest?.('#mud-snackbar-container')) console.error(`Refused by the policy: ${e.violatedDirective} ${e.blockedURI} at ${e.target.outerHTML?.slice(0, 200)}`); });";

    /// <summary>A page of its own, without the cookies of others. What a script could not do ends up in <paramref name="complaints"/>.</summary>
    public async Task<IPage> OpenAsync(int width, int height, ICollection<string> complaints)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(TellRefusals);
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // A refused key is a 401 the browser also reports; a refused style is told by the script above, with its place; everything else is ours.
            if (message.Type == "error" && !message.Text.Contains("401", StringComparison.Ordinal) && !message.Text.StartsWith(RefusedStyle, StringComparison.Ordinal))
            {
                complaints.Add(message.Text);
            }
        };
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
