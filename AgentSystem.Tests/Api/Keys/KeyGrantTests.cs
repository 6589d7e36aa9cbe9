using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Agents;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Keys;

/// <summary>No key makes one that may do more than itself, and no request makes one that is larger than it needs.</summary>
public sealed class KeyGrantTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = "/api/v1/keys";

    private static readonly KeyLimits Bounds = new(600, 60_000, 4);

    [Theory]
    [InlineData("""{"agents":["*"]}""", "agent_not_allowed", "agents")]
    [InlineData("""{"agents":["a","b"]}""", "agent_not_allowed", "agents")]
    [InlineData("""{"tools":["*"]}""", "tool_not_allowed", "tools")]
    [InlineData("""{"tools":["calculator"]}""", "tool_not_allowed", "tools")]
    [InlineData("""{"user":"eve"}""", "user_not_allowed", "user")]
    [InlineData("""{"team":"blue"}""", "team_not_allowed", "team")]
    [InlineData("""{"limits":{"requests_per_minute":601}}""", "limit_not_allowed", "limits.requests_per_minute")]
    [InlineData("""{"limits":{"tokens_per_minute":60001}}""", "limit_not_allowed", "limits.tokens_per_minute")]
    [InlineData("""{"limits":{"concurrency":5}}""", "limit_not_allowed", "limits.concurrency")]
    [InlineData("""{"expires_in_days":8}""", "expiry_not_allowed", "expires_in_days")]
    [InlineData("""{"tenant":"another"}""", "tenant_not_allowed", "tenant")]
    public async Task Create_ByANarrowKeyAskingForMore_Answers403AndNamesTheMember(string more, string code, string param)
    {
        using var narrow = await NarrowAsync();
        using var answer = await narrow.PostAsync(Path, BadInputTests.Json("""{"name":"wider","scopes":["admin"],""" + more[1..]));

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.Forbidden, code, param);
    }

    [Fact]
    public async Task Create_ByANarrowKeyThatNamesNothing_InheritsItsBounds()
    {
        using var narrow = await NarrowAsync();
        using var answer = await narrow.PostAsJsonAsync(Path, new CreateKey("child", [Scopes.Chat]), PlatformJson.Options);
        var made = (await answer.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options))!.Details;

        Assert.Equal(("red", "ada"), (made.Team, made.User));
        Assert.Equal(["a"], made.Agents);
        Assert.Equal(["clock"], made.Tools);
        Assert.Equal((Bounds, true), (made.Limits, made.ExpiresAt < TimeProvider.System.GetUtcNow().AddDays(7)));
    }

    [Fact]
    public async Task Create_ByANarrowKeyThatAsksForLess_GetsIt()
    {
        using var narrow = await NarrowAsync();
        using var answer = await narrow.PostAsJsonAsync(Path, new CreateKey("child", [Scopes.Chat], Limits: new KeyLimits(RequestsPerMinute: 10), ExpiresInDays: 1), PlatformJson.Options);
        var made = (await answer.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options))!.Details;

        Assert.Equal(Bounds with { RequestsPerMinute = 10 }, made.Limits);
        Assert.InRange(made.ExpiresAt!.Value, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    [Fact]
    public async Task Rotate_ByANarrowKey_Answers403()
    {
        using var narrow = await NarrowAsync();
        using var answer = await narrow.PostAsync(Path + "/admin/rotate", null);

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.Forbidden, "key_is_narrow", null);
    }

    [Fact]
    public async Task Create_WithMoreNamesThanAllowed_Answers400()
    {
        await RefusedAsync(new CreateKey("x", [Scopes.Chat], Agents: [.. Enumerable.Range(0, 101).Select(i => $"a{i}")]), "agents");
        await RefusedAsync(new CreateKey("x", [Scopes.Chat], Tools: [.. Enumerable.Range(0, 101).Select(i => $"t{i}")]), "tools");
        await RefusedAsync(new CreateKey("x", [.. Enumerable.Repeat(Scopes.Chat, 101)]), "scopes");
    }

    [Fact]
    public async Task Create_WithALongNameOrOneTwice_Answers400()
    {
        await RefusedAsync(new CreateKey("x", [Scopes.Chat], Agents: ["a", new string('a', 101)]), "agents[1]");
        await RefusedAsync(new CreateKey("x", [Scopes.Chat], Tools: ["t", "u", "t"]), "tools[2]");
        await RefusedAsync(new CreateKey("x", [Scopes.Chat, Scopes.Chat]), "scopes[1]");
        await RefusedAsync(new CreateKey("x", [Scopes.Chat], User: "key:admin"), "user");
    }

    private async Task RefusedAsync(CreateKey key, string param)
    {
        using var answer = await api.Client().PostAsJsonAsync(Path, key, PlatformJson.Options);

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid_value", param);
    }

    private Task<HttpClient> NarrowAsync() => api.ClientWithAsync(new CreateKey("narrow", [Scopes.Admin], Team: "red", User: "ada", Agents: ["a"], Tools: ["clock"], Limits: Bounds, ExpiresInDays: 7));
}
