using System.Net;
using System.Text.Json;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Identity;

/// <summary>However a credential is spelled, the same code decides about it, with the same limits.</summary>
public sealed class CredentialTests(SignOnApi api) : IClassFixture<SignOnApi>
{
    private const string Agents = "/api/v1/agents";

    public static TheoryData<string, string> Spellings => new()
    {
        { "Authorization", "Bearer {0}" }, { "Authorization", "bearer {0}" }, { "Authorization", "Bearer   {0}  " }, { "x-api-key", "{0}" }, { "X-API-KEY", "{0}" }, { "api-key", "{0}" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Credential_InEverySpelling_LetsTheSameInAndNobodyElse(string header, string form)
    {
        using var narrow = await api.ClientWithAsync(new CreateKey("narrow", [Scopes.AgentsRead]));
        var key = narrow.DefaultRequestHeaders.Authorization!.Parameter!;
        var token = api.Issuer.Token("ada", static claims => (claims["roles"], claims["tenant"]) = (new System.Text.Json.Nodes.JsonArray("viewer"), "default"));

        foreach (var (secret, status) in new[] { (key, HttpStatusCode.OK), (token, HttpStatusCode.OK), (key[..^1] + "~", HttpStatusCode.Unauthorized), (token[..^3], HttpStatusCode.Unauthorized) })
        {
            using var answer = await GetAsync(Agents, (header, string.Format(form, secret)));
            Assert.True(status == answer.StatusCode, $"{header}: {answer.StatusCode}");
        }

        using var forbidden = await GetAsync("/api/v1/keys", (header, string.Format(form, key)));
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task Limit_OfAKey_CountsEverySpelling()
    {
        using var limited = await api.ChatClientAsync(new KeyLimits(RequestsPerMinute: 3));
        var key = limited.DefaultRequestHeaders.Authorization!.Parameter!;
        var seen = new List<HttpStatusCode>();
        foreach (var (header, value) in new[] { ("Authorization", "Bearer " + key), ("x-api-key", key), ("api-key", key), ("x-api-key", key), ("Authorization", "Bearer " + key), ("api-key", key), ("x-api-key", key) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = CompleteChatTests.Body("count me") };
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await api.Client(null).SendAsync(request);
            seen.Add(answer.StatusCode);
        }

        // Seven within two clock minutes at most: three of them are over whichever minute they fall into.
        Assert.Contains(HttpStatusCode.TooManyRequests, seen);
    }

    [Fact]
    public async Task TwoCredentials_ThatDiffer_AreRefusedAndTheSameTwiceIsNot()
    {
        using var two = await GetAsync(Agents, ("Authorization", "Bearer " + api.AdminKey), ("x-api-key", "as-another-key-of-somebody-0123456789"));
        using var scheme = await GetAsync(Agents, ("Authorization", "Basic YTpi"), ("x-api-key", api.AdminKey));
        using var same = await GetAsync(Agents, ("Authorization", "Bearer " + api.AdminKey), ("api-key", api.AdminKey));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (two.StatusCode, scheme.StatusCode, same.StatusCode));
        Assert.Contains("two different credentials", await two.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?key=")]
    [InlineData("?api_key=")]
    [InlineData("?access_token=")]
    public async Task Credential_InTheAddress_IsNone(string query)
    {
        using var answer = await GetAsync(Agents + query + api.AdminKey);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("Authorization", "Basic YWRtaW46YWRtaW4=")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer a b")]
    [InlineData("Authorization", "as-test-admin-key-0123456789-0123456789")]
    [InlineData("x-api-key", "")]
    [InlineData("x-api-key", "' OR '1'='1")]
    public async Task Credential_ThatIsNone_Answers401InTheSameWords(string header, string value)
    {
        using var answer = await GetAsync(Agents, (header, value));
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("The key is not valid.", problem.RootElement.GetProperty("detail").GetString());
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Header, string Value)[] headers)
    {
        using var client = api.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (header, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return await client.SendAsync(request);
    }
}
