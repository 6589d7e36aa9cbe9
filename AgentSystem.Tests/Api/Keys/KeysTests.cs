using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Keys;

/// <summary>Keys: made once, shown once, revoked for good.</summary>
public sealed class KeysTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = "/api/v1/keys";

    [Fact]
    public async Task Create_ThenList_ShowsTheKeyButNeverItsSecret()
    {
        using var client = api.Client();
        var created = await CreateAsync(client, new CreateKey("mobile app", [Scopes.Chat], Limits: new KeyLimits(60)));
        var list = await client.GetStringAsync(Path);

        Assert.StartsWith("as-", created.Key, StringComparison.Ordinal);
        Assert.Contains(created.Id, list, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Key, list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_PageByPage_ShowsEveryKeyOnce()
    {
        using var client = api.Client();
        var (first, second) = (await CreateAsync(client, new CreateKey("paged", [Scopes.Chat])), await CreateAsync(client, new CreateKey("paged", [Scopes.Chat])));
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<ListPage<KeyView>>($"{Path}?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}", PlatformJson.Options);
            seen.Add(Assert.Single(page!.Data).Id);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        using var wrong = await client.GetAsync(Path + "?limit=0");

        Assert.Equal([second.Id, first.Id], seen.Where(id => id == first.Id || id == second.Id));
        Assert.Equal(seen.Distinct(), seen);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Revoke_TheKeyStopsWorkingWithinFiveSeconds()
    {
        using var admin = api.Client();
        var created = await CreateAsync(admin, new CreateKey("short-lived", [Scopes.Chat]));
        using var client = api.Client(created.Key);
        using var before = await client.GetAsync("/v1/models");
        using var revoked = await admin.DeleteAsync($"{Path}/{created.Id}");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await ExpectRefusalAsync(client);
    }

    [Theory]
    [InlineData("""{"scopes":["chat"]}""", "invalid_json")]
    [InlineData("""{"name":"x","scopes":[]}""", "invalid_value")]
    [InlineData("""{"name":"x","scopes":["fly"]}""", "invalid_value")]
    [InlineData("""{"name":" ","scopes":["chat"]}""", "invalid_value")]
    [InlineData("""{"name":"x","scopes":["chat"],"expires_in_days":0}""", "invalid_value")]
    [InlineData("""{"name":"x","scopes":["chat"],"limits":{"requests_per_minute":-5}}""", "invalid_value")]
    [InlineData("""{"name":"x","scopes":["chat"],"colour":"red"}""", "invalid_json")]
    [InlineData("""{"name":"x","scopes":"chat"}""", "invalid_json")]
    [InlineData("""{"name":"admin","scopes":["chat"]}""", "invalid_value")]
    [InlineData("""{"name":"nul\u0000","scopes":["chat"]}""", "invalid_unicode")]
    [InlineData("{", "invalid_json")]
    public async Task Create_WrongBody_Answers400WithAProblem(string body, string code)
    {
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.NotEmpty(answer.Headers.GetValues("x-request-id"));
        Assert.DoesNotContain("AgentSystem.", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_UnknownMember_IsRefusedByName()
    {
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json("""{"name":"x","scopes":["chat"],"colour":"red"}"""));

        Assert.Contains("colour", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithoutTheAdminScope_Answers403()
    {
        using var client = await api.ChatClientAsync();
        using var answer = await client.GetAsync(Path);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Revoke_UnknownKey_Answers404()
    {
        using var answer = await api.Client().DeleteAsync($"{Path}/key_nobody");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<CreatedKey> CreateAsync(HttpClient client, CreateKey key)
    {
        using var answer = await client.PostAsJsonAsync(Path, key, PlatformJson.Options);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options))!;
    }

    private static async Task ExpectRefusalAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (true)
        {
            using var answer = await client.GetAsync("/v1/models", patience.Token);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
            {
                return;
            }

            await tick.WaitForNextTickAsync(patience.Token);
        }
    }
}
