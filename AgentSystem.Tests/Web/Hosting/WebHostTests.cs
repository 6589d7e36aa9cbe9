using System.Net;
using AgentSystem.Tests.Web.Harness;

namespace AgentSystem.Tests.Web.Hosting;

public sealed class WebHostTests : IAsyncLifetime
{
    private ScriptedApi _api = null!;
    private ConsoleHost _console = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ScriptedApi.StartAsync();
        _console = await ConsoleHost.StartAsync(_api.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Theory]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.js")]
    [InlineData("/AgentSystem.Web.styles.css")]
    [InlineData("/app.css")]
    [InlineData("/theme.js")]
    [InlineData("/console.js")]
    [InlineData("/favicon.svg")]
    [InlineData("/alive")]
    [InlineData("/health")]
    [InlineData("/ready")]
    public async Task Get_InsideAnotherProcessAndWithoutSignIn_Answers(string path)
    {
        using var browser = _console.Browse();
        using var answer = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Ready_ApiDown_IsUnavailableWhileHealthIsNot()
    {
        await _api.DisposeAsync();
        using var browser = _console.Browse();
        using var ready = await browser.GetAsync("/ready");
        using var health = await browser.GetAsync("/health");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, health.StatusCode));
    }

    [Fact]
    public async Task EveryAnswer_Headers_KeepForeignScriptsAndFramesOut()
    {
        using var browser = _console.Browse();
        using var answer = await browser.GetAsync("/sign-in");
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task EveryStyleElement_OfThePage_IsInThePolicyByItsHashAndNoOtherIs()
    {
        using var browser = _console.Browse();
        using var answer = await browser.GetAsync("/sign-in");
        var directives = Assert.Single(answer.Headers.GetValues("Content-Security-Policy")).Split("; ").ToDictionary(static part => part.Split(' ')[0], static part => part.Split(' ')[1..]);
        var hashes = System.Text.RegularExpressions.Regex.Matches(await answer.Content.ReadAsStringAsync(), "<style[^>]*>(.*?)</style>", System.Text.RegularExpressions.RegexOptions.Singleline)
            .Select(static match => $"'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(match.Groups[1].Value)))}'").Distinct().Order();

        Assert.NotEmpty(hashes);
        Assert.Equal(["'self'", .. hashes], directives["style-src"].Order());
        Assert.DoesNotContain(directives.Where(static directive => directive.Key != "style-src-attr"), static directive => directive.Value.Contains("'unsafe-inline'") || directive.Value.Contains("'unsafe-eval'"));
    }

    [Fact]
    public async Task Page_Markup_LoadsNothingFromElsewhere()
    {
        using var browser = _console.Browse();
        var page = await browser.GetStringAsync("/sign-in");
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnknownAddress_IsNotFoundInTheConsolesWords()
    {
        using var browser = _console.Browse();
        using var answer = await browser.GetAsync("/no/such/page");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is nothing here", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ApiUrlThatIsNone_NamesTheCure()
    {
        var settings = new Dictionary<string, string?> { ["Api:Url"] = "nowhere" };
        var error = await Assert.ThrowsAnyAsync<Exception>(() => ConsoleHost.StartAsync(_api.Address, settings));
        Assert.Contains("Api:Url is 'nowhere'", error.Message, StringComparison.Ordinal);
    }
}
