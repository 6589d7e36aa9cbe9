using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Web.Harness;

namespace AgentSystem.Tests.Web.SignIn;

/// <summary>The console's sign-in at an identity provider: the real console before the real API, and a scripted provider; a browser without scripts goes the way step by step.</summary>
public sealed partial class SingleSignOnTests(SignOnApi api) : IClassFixture<SignOnApi>, IAsyncLifetime
{
    private ConsoleHost console = null!;

    public async ValueTask InitializeAsync()
    {
        api.Issuer.Person = Role("admin");
        api.Issuer.Lifetime = TimeSpan.FromMinutes(5);
        console = await ConsoleHost.StartAsync(new Uri(api.BaseUrl), new Dictionary<string, string?>
        {
            ["Api:Url"] = api.BaseUrl, ["Oidc:Authority"] = api.Issuer.Url, ["Oidc:Audience"] = ScriptedIssuer.Audience, ["Oidc:ClientId"] = ScriptedIssuer.Client,
        });
    }

    public ValueTask DisposeAsync() => console.DisposeAsync();

    [Fact]
    public async Task SignInPage_OffersBothWays()
    {
        using var browser = console.Browse();
        var page = await browser.GetStringAsync("/sign-in?return=%2Fkeys");

        Assert.Contains("/sign-in/sso?return=%2Fkeys", page, StringComparison.Ordinal);
        Assert.Contains("Admin key", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AsksForACodeWithPkceAndComesBackToOneAddressOnly()
    {
        using var browser = console.Browse();
        using var start = await browser.GetAsync("/sign-in/sso?return=%2Fkeys");
        var asked = HttpUtility.ParseQueryString(start.Headers.Location!.Query);

        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        Assert.StartsWith(api.Issuer.Url + "/authorize", start.Headers.Location.ToString(), StringComparison.Ordinal);
        Assert.Equal(("code", "S256", ScriptedIssuer.Client), (asked["response_type"], asked["code_challenge_method"], asked["client_id"]));
        Assert.Equal(new Uri(console.Address, "/sign-in/callback").ToString(), asked["redirect_uri"]);
        Assert.NotEmpty(asked["state"]!);
        Assert.NotEmpty(asked["nonce"]!);
    }

    [Fact]
    public async Task SignIn_WholeWay_OpensTheConsoleAndHidesTheTokens()
    {
        using var browser = console.Browse();
        using var landed = await EnterAsync(browser, "/keys");
        var cookie = landed.Callback.Headers.GetValues("Set-Cookie").Single(static value => value.StartsWith("agentsystem.console=", StringComparison.Ordinal));
        var page = await browser.GetStringAsync("/keys");

        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("url=/keys", landed.Page, StringComparison.Ordinal);
        Assert.Contains("Who may call the API", page, StringComparison.Ordinal);
        Assert.Contains("Ada Lovelace", page, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedIssuer.Part("{\"alg\":\"RS256\"")[..16], page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_ReturnToAnotherHost_LandsOnTheFrontPage()
    {
        using var browser = console.Browse();
        using var landed = await EnterAsync(browser, "https://elsewhere.example/");
        Assert.Contains("url=/\"", landed.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", landed.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AsAViewer_ShowsWhatAViewerMaySee()
    {
        api.Issuer.Person = Role("viewer");
        using var browser = console.Browse();
        using var landed = await EnterAsync(browser, "/agents");
        var page = await browser.GetStringAsync("/agents");

        Assert.Contains("href=\"/runs\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/keys\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/chat\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/settings\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/new/agent\"", page, StringComparison.Ordinal);

        api.Issuer.Person = Role("operator");
        using var other = console.Browse();
        using var entered = await EnterAsync(other, "/agents");
        Assert.Contains("href=\"/new/agent\"", await other.GetStringAsync("/agents"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("juggler", "no role here")]
    [InlineData(null, "no role here")]
    public async Task SignIn_WithoutARole_SaysWhatIsMissing(string? role, string words)
    {
        api.Issuer.Person = role is null ? Nobody : Role(role);
        using var browser = console.Browse();
        using var callback = await CallbackAsync(browser, "/keys");
        Assert.Equal(HttpStatusCode.Redirect, callback.StatusCode);
        Assert.Contains(words, await browser.GetStringAsync(callback.Headers.Location!.ToString()), StringComparison.Ordinal);
        using var still = await browser.GetAsync("/keys");
        Assert.Equal(HttpStatusCode.Redirect, still.StatusCode);
    }

    [Theory]
    [InlineData("state=forged")]
    [InlineData("error=access_denied")]
    [InlineData("")]
    public async Task Callback_ThatNobodyAskedFor_IsRefused(string query)
    {
        using var browser = console.Browse();
        using var callback = await browser.GetAsync("/sign-in/callback?code=stolen&" + query);

        Assert.Equal(HttpStatusCode.Redirect, callback.StatusCode);
        Assert.StartsWith("/sign-in?reason=", callback.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_OfAnothersSignIn_IsRefused()
    {
        // Login CSRF: the attacker's code in the victim's browser, which has no state of that sign-in.
        using var attacker = console.Browse();
        using var victim = console.Browse();
        using var start = await attacker.GetAsync("/sign-in/sso");
        using var away = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var back = await away.GetAsync(start.Headers.Location);
        using var callback = await victim.GetAsync(back.Headers.Location!.PathAndQuery);

        Assert.StartsWith("/sign-in?reason=", callback.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_EndsTheSessionAlsoForACopyOfItsCookie()
    {
        using var browser = console.Browse();
        using var landed = await EnterAsync(browser, "/keys");
        var cookie = landed.Callback.Headers.GetValues("Set-Cookie").Single(static value => value.StartsWith("agentsystem.console=", StringComparison.Ordinal)).Split(';')[0];
        var page = await browser.GetStringAsync("/keys");
        using var left = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", FormToken().Match(page).Groups["token"].Value)]));
        using var thief = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = console.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/keys");
        request.Headers.Add("Cookie", cookie);
        using var stolen = await thief.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (left.StatusCode, stolen.StatusCode));
        Assert.Contains("/sign-in", stolen.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_OfSomebodyWhoCameByTheProvider_EndsTheSessionThereAndComesBack()
    {
        using var browser = console.Browse();
        using var landed = await EnterAsync(browser, "/keys");
        using var left = await LeaveAsync(browser);
        var address = WebUtility.HtmlDecode(Onward().Match(await left.Content.ReadAsStringAsync()).Groups["address"].Value);
        using var away = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var back = await away.GetAsync(address);
        using var still = await browser.GetAsync("/keys");

        Assert.StartsWith(api.Issuer.Url + "/leave?", address, StringComparison.Ordinal);
        Assert.True(api.Issuer.Left.TryDequeue(out var said));
        Assert.Equal((ScriptedIssuer.Client, new Uri(console.Address, "/sign-in").ToString()), (said["client_id"], said["post_logout_redirect_uri"]));
        Assert.StartsWith(ScriptedIssuer.Part("{\"alg\":\"RS256\"")[..16], said["id_token_hint"], StringComparison.Ordinal);
        Assert.Equal(said["post_logout_redirect_uri"], back.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, still.StatusCode);
    }

    [Fact]
    public async Task SignOut_OfASessionThatWasOver_LeavesTheProvidersAlone()
    {
        using var browser = console.Browse();
        using var landed = await EnterAsync(browser, "/keys");
        using var left = await LeaveAsync(browser, "expired");

        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?reason=expired"), (left.StatusCode, left.Headers.Location!.ToString()));
    }

    private static async Task<HttpResponseMessage> LeaveAsync(HttpClient browser, string? reason = null)
    {
        var token = FormToken().Match(await browser.GetStringAsync("/keys")).Groups["token"].Value;
        return await browser.PostAsync("/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", token), .. reason is null ? Array.Empty<KeyValuePair<string, string>>() : [new("reason", reason)]]));
    }

    [GeneratedRegex("content=\"0;url=(?<address>[^\"]+)\"")]
    private static partial Regex Onward();

    private static void Nobody(JsonObject claims)
    {
        claims.Remove("roles");
        claims["tenant"] = "default";
    }

    private static Action<JsonObject> Role(string role) => claims => (claims["roles"], claims["tenant"]) = (new JsonArray(role), "default");

    private static async Task<HttpResponseMessage> CallbackAsync(HttpClient browser, string to)
    {
        using var start = await browser.GetAsync("/sign-in/sso?return=" + Uri.EscapeDataString(to));
        using var away = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var back = await away.GetAsync(start.Headers.Location);
        return await browser.GetAsync(back.Headers.Location!.PathAndQuery);
    }

    private static async Task<Landing> EnterAsync(HttpClient browser, string to)
    {
        var callback = await CallbackAsync(browser, to);
        Assert.True(callback.StatusCode == HttpStatusCode.Redirect, await callback.Content.ReadAsStringAsync());
        Assert.StartsWith("/sign-in/landed", callback.Headers.Location!.ToString(), StringComparison.Ordinal);
        return new Landing(callback, await browser.GetStringAsync(callback.Headers.Location.ToString()));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex FormToken();

    private sealed record Landing(HttpResponseMessage Callback, string Page) : IDisposable
    {
        public void Dispose() => Callback.Dispose();
    }
}
