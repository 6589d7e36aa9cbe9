using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Sessions;

/// <summary>The paths of state: what they keep, what they refuse, and whom they show it.</summary>
public sealed class StateTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Root = "/api/v1/state";
    private static int sessions;

    private readonly string path = $"{Root}/assistant/session-{Interlocked.Increment(ref sessions)}";

    [Fact]
    public async Task Patch_AsTheContractSays_IsStrongAndMergesByDefault()
    {
        using var client = api.Client();
        using var answer = await PatchAsync(client, """{"updates":[{"key":"profile","value":{"name":"Ada"}}]}""");
        Assert.Equal((HttpStatusCode.OK, "\"1\""), (answer.StatusCode, answer.Headers.ETag!.Tag));
        var raw = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((1, "strong", 1, 0), (raw.GetProperty("version").GetInt64(), raw.GetProperty("consistency").GetString(), raw.GetProperty("applied_replicas").GetInt32(), raw.GetProperty("conflicts").GetArrayLength()));
        Assert.StartsWith("txn_", raw.GetProperty("transaction_id").GetString());

        using var second = await PatchAsync(client, """{"consistency":"strong","updates":[{"key":"profile","value":{"age":36},"strategy":"merge"},{"key":"log","value":["a"],"strategy":"append"},{"key":"n","value":7,"strategy":"replace"}]}""", "\"1\"");
        Assert.Equal(2, (await ReadAsync<StateUpdated>(second)).Version);
        var view = await GetAsync(client, path);
        Assert.Equal("""{"age":36,"name":"Ada"}""", view.State["profile"].GetRawText());
        Assert.Equal(["log", "n", "profile"], view.Keys.Select(key => key.Key));
    }

    [Fact]
    public async Task Patch_ASessionWithASlashInItsName_IsThatSessionAndNoOther()
    {
        using var client = api.Client();
        const string slashed = $"{Root}/assistant/team%2Fred%252Fone";
        using var answer = await PatchAsync(client, """{"updates":[{"key":"k","value":{"x":1}}]}""", at: slashed);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        Assert.Equal("""{"x":1}""", (await GetAsync(client, slashed)).State["k"].GetRawText());
        var listed = await client.GetFromJsonAsync<JsonElement>($"{Root}?agent=assistant&prefix=team%2F");
        Assert.Equal("team/red%2Fone", Assert.Single(listed.GetProperty("data").EnumerateArray()).GetProperty("session").GetString());
    }

    [Fact]
    public async Task Patch_AtAnotherVersion_Answers412WithTheCurrentOne()
    {
        using var client = api.Client();
        using var first = await PatchAsync(client, """{"updates":[{"key":"k","value":{}}]}""", "\"0\"");
        using var lost = await PatchAsync(client, """{"updates":[{"key":"k","value":{"x":1}}]}""", "\"0\"");

        Assert.Equal((HttpStatusCode.PreconditionFailed, "\"1\""), (lost.StatusCode, lost.Headers.ETag!.Tag));
        Assert.Contains("version_mismatch", await lost.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"updates":[{"key":"k","value":5}]}""", 422, "updates[0].value")]
    [InlineData("""{"updates":[{"key":"k","value":{},"strategy":"append"}]}""", 422, "updates[0].value")]
    [InlineData("""{"consistency":"eventual","updates":[{"key":"k","value":5}]}""", 422, "updates[0].value")]
    [InlineData("""{"updates":[]}""", 400, "updates")]
    [InlineData("""{"updates":[null]}""", 400, "updates[0]")]
    [InlineData("""{"updates":[{"key":"","value":{}}]}""", 400, "updates[0].key")]
    [InlineData("""{"updates":[{"value":{}}]}""", 400, "updates[0].key")]
    [InlineData("""{"updates":[{"key":"k","value":1e999,"strategy":"replace"}]}""", 422, "updates[0].value")]
    [InlineData("""{"updates":[{"key":"k","value":{},"strategy":"shuffle"}]}""", 400, "updates[0].strategy")]
    [InlineData("""{"consistency":"maybe","updates":[{"key":"k","value":{}}]}""", 400, "consistency")]
    [InlineData("""{"updates":[{"key":"k","value":{}}],"user":"key:x"}""", 400, "user")]
    [InlineData("""{"updates":[{"key":"k","value":{}}],"as_agent":"nobody"}""", 404, "as_agent")]
    [InlineData("""{"updates":[{"key":"k","value":{}}],"surprise":1}""", 400, "surprise")]
    public async Task Patch_WrongBody_NamesTheMember(string body, int status, string member)
    {
        using var answer = await PatchAsync(api.Client(), body);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains($"\"param\":\"{member}\"", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("W/\"1\"")]
    [InlineData("\"v1\"")]
    public async Task Patch_AWrongIfMatch_Answers400(string match)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = BadInputTests.Json("""{"updates":[{"key":"k","value":{}}]}""") };
        request.Headers.TryAddWithoutValidation("If-Match", match);
        using var answer = await api.Client().SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Patch_TooDeepTooLargeOrTooMany_IsRefused()
    {
        using var client = api.Client();
        using var deep = await PatchAsync(client, $$"""{"updates":[{"key":"k","value":{{new string('[', 40) + new string(']', 40)}},"strategy":"replace"}]}""");
        using var large = await PatchAsync(client, $$"""{"updates":[{"key":"k","value":"{{new string('x', 300_000)}}","strategy":"replace"}]}""");
        using var many = await PatchAsync(client, $$"""{"updates":[{{string.Join(',', Enumerable.Repeat("""{"key":"k","value":{}}""", 101))}}]}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.BadRequest), (deep.StatusCode, large.StatusCode, many.StatusCode));
    }

    [Fact]
    public async Task Patch_WithAnIdempotencyKey_IsMadeOnce()
    {
        using var client = api.Client();
        client.DefaultRequestHeaders.Add("Idempotency-Key", "one");
        using var first = await PatchAsync(client, """{"updates":[{"key":"list","value":[1],"strategy":"append"}]}""");
        using var again = await PatchAsync(client, """{"updates":[{"key":"list","value":[1],"strategy":"append"}]}""");
        using var other = await PatchAsync(client, """{"updates":[{"key":"list","value":[2],"strategy":"append"}]}""");

        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal("[1]", (await GetAsync(client, path)).State["list"].GetRawText());
    }

    [Fact]
    public async Task Patch_Eventual_IsSeenWithItsToken()
    {
        using var client = api.Client();
        using var answer = await PatchAsync(client, """{"consistency":"eventual","updates":[{"key":"k","value":{"a":1}}]}""");
        var accepted = await ReadAsync<StateUpdated>(answer);

        Assert.Equal((StateConsistency.Eventual, 0), (accepted.Consistency, accepted.AppliedReplicas));
        Assert.Equal("""{"a":1}""", (await GetAsync(client, $"{path}?token={accepted.Token}")).State["k"].GetRawText());
    }

    [Fact]
    public async Task Get_OneKey_GivesThatOneOr404()
    {
        using var client = api.Client();
        using var made = await PatchAsync(client, """{"updates":[{"key":"a b/c","value":1,"strategy":"replace"},{"key":"d","value":2,"strategy":"replace"}]}""");
        Assert.Equal(["a b/c"], (await GetAsync(client, $"{path}?key=a%20b%2Fc")).State.Keys);
        using var none = await client.GetAsync($"{path}?key=x");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("key_not_found", await none.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Delete_AKeyThenTheSession_LeavesNothing()
    {
        using var client = api.Client();
        using var made = await PatchAsync(client, """{"updates":[{"key":"a","value":1,"strategy":"replace"},{"key":"b","value":2,"strategy":"replace"}]}""");
        using var key = await client.DeleteAsync($"{path}?key=a");
        Assert.Equal(2, (await ReadAsync<StateUpdated>(key)).Version);
        Assert.Equal(["b"], (await GetAsync(client, path)).State.Keys);
        using var session = await client.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.OK, session.StatusCode);
        using var gone = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task AnyPath_OfAnAgentThereIsNot_Answers404()
    {
        using var client = api.Client();
        using var patched = await client.PatchAsync($"{Root}/nobody/s", BadInputTests.Json("""{"updates":[{"key":"k","value":{}}]}"""));
        using var read = await client.GetAsync($"{Root}/nobody/s");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (patched.StatusCode, read.StatusCode));
    }

    [Fact]
    public async Task AnyPath_OfAnotherUsersSession_DoesNotExistForABoundKey()
    {
        using var admin = api.Client();
        using var theirs = await PatchAsync(admin, """{"updates":[{"key":"k","value":{}}],"user":"them"}""");
        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.StateRead, Scopes.StateWrite], User: "me"));
        var mine = path + "-mine";
        using var made = await bound.PatchAsync(mine, BadInputTests.Json("""{"updates":[{"key":"k","value":{}}]}"""));
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);

        foreach (var answer in new[] { await bound.GetAsync(path), await PatchAsync(bound, """{"updates":[{"key":"k","value":{}}]}"""), await bound.DeleteAsync(path) })
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("session_not_found", await answer.Content.ReadAsStringAsync());
            answer.Dispose();
        }

        using var list = await bound.GetAsync(Root);
        Assert.All((await ReadAsync<ListPage<SessionSummary>>(list)).Data, row => Assert.Equal("me", row.User));
        using var named = await bound.PatchAsync(mine, BadInputTests.Json("""{"updates":[{"key":"k","value":{}}],"user":"them"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, named.StatusCode);
    }

    [Fact]
    public async Task AnyPath_WithoutItsScopeOrAgent_IsRefused()
    {
        using var chat = await api.ChatClientAsync();
        using var reader = await api.ClientWithAsync(new CreateKey("reader", [Scopes.StateRead]));
        using var narrow = await api.ClientWithAsync(new CreateKey("narrow", [Scopes.StateRead, Scopes.StateWrite], Agents: ["analyst"]));
        using var list = await chat.GetAsync(Root);
        using var write = await PatchAsync(reader, """{"updates":[{"key":"k","value":{}}]}""");
        using var other = await PatchAsync(narrow, """{"updates":[{"key":"k","value":{}}]}""");
        using var all = await narrow.GetAsync(Root);
        using var own = await narrow.GetAsync($"{Root}?agent=analyst");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (list.StatusCode, write.StatusCode, other.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (all.StatusCode, own.StatusCode));
    }

    [Fact]
    public async Task List_Sessions_PagesAndRefusesAForeignCursor()
    {
        using var client = api.Client();
        foreach (var suffix in new[] { "-a", "-b", "-c" })
        {
            using var made = await client.PatchAsync(path + suffix, BadInputTests.Json("""{"updates":[{"key":"k","value":{}}]}"""));
        }

        var prefix = path.Split('/')[^1] + "-";
        using var first = await client.GetAsync($"{Root}?agent=assistant&prefix={prefix}&limit=2");
        var page = await ReadAsync<ListPage<SessionSummary>>(first);
        using var second = await client.GetAsync($"{Root}?agent=assistant&prefix={prefix}&limit=2&cursor={page.NextCursor}");
        using var foreign = await client.GetAsync($"{Root}?cursor=Zm9v");

        Assert.Equal(["-a", "-b", "-c"], page.Data.Concat((await ReadAsync<ListPage<SessionSummary>>(second)).Data).Select(row => "-" + row.Session[prefix.Length..]));
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Fact]
    public async Task Change_OnAnOldVersionOfTheSameKeysOwn_IsAConflictToo_BecauseAgentsMayShareAKey()
    {
        using var client = api.Client();
        using var one = await PatchAsync(client, """{"updates":[{"key":"k","value":1,"strategy":"replace"}]}""");
        using var two = await PatchAsync(client, """{"updates":[{"key":"k","value":2,"strategy":"replace"}]}""");
        using var three = await PatchAsync(client, """{"updates":[{"key":"k","value":3,"strategy":"replace"}],"on_conflict":"human"}""", "\"1\"");

        var met = Assert.Single((await ReadAsync<StateUpdated>(three)).Conflicts);
        Assert.Equal(("k", "undecided"), (met.Key, met.Kept));
    }

    [Fact]
    public async Task Conflict_ForAPerson_IsListedAndDecided()
    {
        using var client = api.Client();
        using var other = await api.ClientWithAsync(new CreateKey("other", [Scopes.StateRead, Scopes.StateWrite]));
        using var one = await PatchAsync(client, """{"updates":[{"key":"k","value":1,"strategy":"replace"}]}""");
        using var two = await PatchAsync(client, """{"updates":[{"key":"k","value":2,"strategy":"replace"}]}""");
        using var three = await PatchAsync(other, """{"updates":[{"key":"k","value":3,"strategy":"replace"}],"on_conflict":"human"}""", "\"1\"");
        var met = Assert.Single((await ReadAsync<StateUpdated>(three)).Conflicts);
        Assert.Equal(("k", "undecided"), (met.Key, met.Kept));

        using var list = await client.GetAsync($"{Root}/conflicts?agent=assistant");
        var open = (await ReadAsync<ListPage<ConflictView>>(list)).Data.Single(conflict => conflict.Id == met.Id);
        Assert.Equal(("2", "3", "open"), (open.Current!.Value.GetRawText(), open.Incoming.GetRawText(), open.Status));

        using var wrong = await client.PostAsync($"{Root}/conflicts/{met.Id}/resolve", BadInputTests.Json("""{"choice":"both"}"""));
        using var valueless = await client.PostAsync($"{Root}/conflicts/{met.Id}/resolve", BadInputTests.Json("""{"choice":"value"}"""));
        using var decided = await client.PostAsync($"{Root}/conflicts/{met.Id}/resolve", BadInputTests.Json("""{"choice":"incoming"}"""));
        using var again = await client.PostAsync($"{Root}/conflicts/{met.Id}/resolve", BadInputTests.Json("""{"choice":"current"}"""));
        using var unknown = await client.PostAsync($"{Root}/conflicts/conflict_none/resolve", BadInputTests.Json("""{"choice":"current"}"""));

        Assert.Equal((400, 400, 200, 409, 404), ((int)wrong.StatusCode, (int)valueless.StatusCode, (int)decided.StatusCode, (int)again.StatusCode, (int)unknown.StatusCode));
        Assert.Equal("3", (await GetAsync(client, path)).State["k"].GetRawText());
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>(PlatformJson.Options))!;
    }

    private static async Task<SessionView> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return await ReadAsync<SessionView>(answer);
    }

    private async Task<HttpResponseMessage> PatchAsync(HttpClient client, string body, string? match = null, string? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, at ?? path) { Content = BadInputTests.Json(body) };
        if (match is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", match);
        }

        return await client.SendAsync(request);
    }
}
