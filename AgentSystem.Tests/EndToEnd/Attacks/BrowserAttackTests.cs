using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Web.Harness;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>What another site can have a browser do: nothing of the API's is readable for it, and no form of the console's is taken from it.</summary>
public sealed class BrowserAttackTests(FuzzedApi api) : IClassFixture<FuzzedApi>
{
    private const string Elsewhere = "https://elsewhere.example";

    [Theory]
    [InlineData("GET", "/api/v1/agents")]
    [InlineData("OPTIONS", "/api/v1/agents")]
    [InlineData("OPTIONS", "/v1/chat/completions")]
    [InlineData("GET", "/alive")]
    [InlineData("GET", "/openapi/v1.json")]
    public async Task Api_AskedByAnotherSite_OpensNothingToIt(string method, string path)
    {
        using var client = api.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Origin", Elsewhere);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "authorization");
        using var answer = await client.SendAsync(request);

        Assert.DoesNotContain(answer.Headers, static header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.InRange((int)answer.StatusCode, 200, 499);
    }

    [Theory]
    [InlineData("/api/v1/agents")]
    [InlineData("/v1/models")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/alive")]
    public async Task Api_EveryAnswer_SaysThatItIsNoPage(string path)
    {
        using var answer = await api.Client().GetAsync(path);

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Api_AKeysAnswer_IsKeptByNobodyInBetween()
    {
        using var answer = await api.Client().GetAsync("/api/v1/keys");
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    [InlineData("PROPFIND")]
    [InlineData("PUT")]
    [InlineData("QUERY")]
    [InlineData("G=T")]
    public async Task Api_OtherMethods_AreRefusedAndNothingIsEchoed(string method)
    {
        var answer = await RawHttp.AskAsync(new Uri(api.BaseUrl), $"{method} /api/v1/agents HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {api.AdminKey}\r\nX-Echo: echo-me\r\n\r\n");

        Assert.InRange(Assert.Single(RawHttp.Statuses(answer)), 400, 499);
        Assert.DoesNotContain("echo-me", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(api.AdminKey, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_MethodOverride_IsPassedOver()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/agents/assistant");
        foreach (var header in new[] { "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override" })
        {
            request.Headers.TryAddWithoutValidation(header, "DELETE");
        }

        using var answer = await api.Client().SendAsync(request);
        using var still = await api.Client().GetAsync("/api/v1/agents/assistant");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.StatusCode, still.StatusCode));
        Assert.DoesNotContain("\"archived\":true", await still.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "name=x&scopes=admin")]
    [InlineData("text/plain", "{\"name\":\"x\",\"scopes\":[\"admin\"]}")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--x--\r\n")]
    public async Task Api_BodyThatAFormCanSend_IsRefused(string type, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await api.Client().PostAsync("/api/v1/keys", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    [InlineData("/keys")]
    [InlineData("/")]
    public async Task Console_FormFromAnotherSite_IsRefused(string path)
    {
        await using var console = await ConsoleHost.StartAsync(new Uri(api.BaseUrl));
        using var browser = console.Browse();
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Form.Key", api.AdminKey), new("__RequestVerificationToken", "made-up")]),
        };
        request.Headers.TryAddWithoutValidation("Origin", Elsewhere);
        using var answer = await browser.SendAsync(request);

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Redirect or HttpStatusCode.MethodNotAllowed, $"{answer.StatusCode}");
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(static cookie => cookie.StartsWith("agentsystem.console=", StringComparison.Ordinal)));
        using var still = await browser.GetAsync("/keys");
        Assert.Equal(HttpStatusCode.Redirect, still.StatusCode);
    }
}
