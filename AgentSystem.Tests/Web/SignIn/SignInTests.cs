using System.Net;
using System.Text.RegularExpressions;
using AgentSystem.Tests.Web.Harness;

namespace AgentSystem.Tests.Web.SignIn;

public sealed partial class SignInTests : IAsyncLifetime
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
    [InlineData("/", "/sign-in?return=%2F")]
    [InlineData("/chat", "/sign-in?return=%2Fchat")]
    [InlineData("/keys", "/sign-in?return=%2Fkeys")]
    public async Task Page_Anonymous_LeadsToSignInAndBack(string page, string expected)
    {
        using var browser = _console.Browse();
        using var answer = await browser.GetAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location!.PathAndQuery);
    }

    [Fact]
    public async Task SignIn_AdminKey_OpensTheConsoleAndHidesTheKey()
    {
        using var browser = _console.Browse();
        using var entered = await EnterAsync(browser, ScriptedApi.AdminKey, "/sign-in?return=%2Fkeys");
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
        Assert.EndsWith("/keys", entered.Headers.Location!.ToString(), StringComparison.Ordinal);

        var cookie = entered.Headers.GetValues("Set-Cookie").Single(static value => value.StartsWith("agentsystem.console=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(ScriptedApi.AdminKey, cookie, StringComparison.Ordinal);

        var page = await browser.GetStringAsync("/keys");
        Assert.Contains("Who may call the API", page, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedApi.AdminKey, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_ReturnToAnotherHost_GoesToTheFrontPage()
    {
        using var browser = _console.Browse();
        using var entered = await EnterAsync(browser, ScriptedApi.AdminKey, "/sign-in?return=https%3A%2F%2Felsewhere.example%2F");
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
        Assert.DoesNotContain("elsewhere", entered.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as-unknown", HttpStatusCode.Unauthorized, "not known")]
    [InlineData(ScriptedApi.ChatKey, HttpStatusCode.Unauthorized, "no admin key")]
    [InlineData("  ", HttpStatusCode.OK, "Enter a key")]
    public async Task SignIn_OtherKey_IsRefusedWithTheReason(string key, HttpStatusCode status, string words)
    {
        using var browser = _console.Browse();
        using var refused = await EnterAsync(browser, key);
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(words, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var still = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, still.StatusCode);
    }

    [Fact]
    public async Task SignIn_ApiDown_SaysSo()
    {
        using var browser = _console.Browse();
        await _api.DisposeAsync();
        using var refused = await EnterAsync(browser, ScriptedApi.AdminKey);
        Assert.Equal(HttpStatusCode.BadGateway, refused.StatusCode);
        Assert.Contains("does not answer", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        using var browser = _console.Browse();
        using var form = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Form.Key", ScriptedApi.AdminKey)]);
        using var refused = await browser.PostAsync("/sign-in", form);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task SignOut_SignedIn_EndsTheSession()
    {
        using var browser = _console.Browse();
        (await EnterAsync(browser, ScriptedApi.AdminKey)).Dispose();
        var page = await browser.GetStringAsync("/keys");

        using var refused = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        using var left = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", Token(page))]));
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        using var again = await browser.GetAsync("/keys");
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
    }

    private static async Task<HttpResponseMessage> EnterAsync(HttpClient browser, string key, string page = "/sign-in")
    {
        var token = Token(await browser.GetStringAsync(page));
        using var form = new FormUrlEncodedContent([new("_handler", "sign-in"), new("__RequestVerificationToken", token), new("Form.Key", key)]);
        return await browser.PostAsync(page, form);
    }

    private static string Token(string page) => FormToken().Match(page).Groups["token"].Value;

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex FormToken();
}
