using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Agents;

/// <summary>Agents from making one to bringing it back.</summary>
public sealed class AgentsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    internal const string Path = "/api/v1/agents";

    [Fact]
    public async Task Create_WithTheLeast_AnswersWithDefaultsAndIsCallableAtOnce()
    {
        using var client = api.Client();
        using var created = await client.PostAsJsonAsync(Path, new CreateAgent("least", "small", "Be brief."), PlatformJson.Options);
        using var chat = await client.PostAsync("/v1/chat/completions", Chat("least", "hello there"));
        var agent = await ReadAsync(created);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"{Path}/least", created.Headers.Location!.OriginalString);
        Assert.Equal("\"v1-1\"", created.Headers.ETag!.Tag);
        Assert.Equal(("assistant", "general", "", "admin", 1), (agent.Type, agent.Specialization, agent.Description, agent.CreatedBy, agent.ActiveVersion));
        Assert.Equal((new AgentLimits(), new AgentScaling(), new AgentResources()), (agent.Limits, agent.Scaling, agent.Resources));
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        Assert.Equal("least", chat.Headers.GetValues("x-agentsystem-agent").Single());
    }

    [Fact]
    public async Task Create_WithEveryMember_GetGivesThemBack()
    {
        const string Body = """
            {"name":"whole","type":"research","specialization":"medical papers","description":"Reads papers.","model":"SMALL","fallbacks":[],"instructions":"Read.\nThink.","tools":["clock","calculator"],
             "memory":{"window":5},"planning":{"depth":{"max":2}},"quality":{"mode":"gate"},"security":{"level":"high"},"limits":{"max_steps":3,"max_seconds":10,"max_output_tokens":64},
             "scaling":{"min_replicas":0,"max_replicas":4,"initial_replicas":1,"enable_predictive_scaling":true},
             "resources":{"cpu_request":"500m","cpu_limit":"2","memory_request":"512Mi","memory_limit":"1Gi","gpu_request":"0","gpu_limit":"1"}}
            """;
        using var client = api.Client();
        using var created = await client.PostAsync(Path, BadInputTests.Json(Body));
        var answer = await created.Content.ReadAsStringAsync();
        using var got = await client.GetAsync($"{Path}/whole");
        using var version = await client.GetAsync($"{Path}/whole/versions/1");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(answer, await got.Content.ReadAsStringAsync());
        Assert.Equal(answer, await version.Content.ReadAsStringAsync());
        Assert.Equal("\"v1-1\"", got.Headers.ETag!.Tag);
        Assert.Contains("\"model\":\"small\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"planning\":{\"depth\":{\"max\":2}}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ManyAtOnceOfOneName_OneWinsAndTheOthersGet409()
    {
        using var client = api.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PostAsJsonAsync(Path, new CreateAgent("contested", "small", "Mine."), PlatformJson.Options)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var lost in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await ExpectAsync(lost, HttpStatusCode.Conflict, "agent_exists", "name");
        }
    }

    [Fact]
    public async Task Versions_AddedRolledBackAndForward_AnswerAsTheyStand()
    {
        using var client = api.Client();
        await MakeAsync(client, "moving", "one");
        using var second = await AddAsync(client, "moving", "two");
        using var third = await AddAsync(client, "moving", "three", query: "?activate=false");
        using var back = await client.PostAsync($"{Path}/moving/activate", BadInputTests.Json("""{"version":1}"""));
        var list = await client.GetFromJsonAsync<ListPage<AgentVersionView>>($"{Path}/moving/versions?limit=2", PlatformJson.Options);
        var rest = await client.GetFromJsonAsync<ListPage<AgentVersionView>>($"{Path}/moving/versions?limit=2&cursor={list!.NextCursor}", PlatformJson.Options);

        Assert.Equal((HttpStatusCode.Created, $"{Path}/moving/versions/2", "\"v2-2\""), (second.StatusCode, second.Headers.Location!.OriginalString, second.Headers.ETag!.Tag));
        Assert.Equal(("\"v2-3\"", 2), (third.Headers.ETag!.Tag, (await ReadAsync(third)).ActiveVersion));
        Assert.Equal((HttpStatusCode.OK, "\"v1-3\"", "one"), (back.StatusCode, back.Headers.ETag!.Tag, (await ReadAsync(back)).Instructions));
        Assert.Equal(["three", "two"], list.Data.Select(version => version.Instructions));
        Assert.Equal(["one"], rest!.Data.Select(version => version.Instructions));
        Assert.Null(rest.NextCursor);
        Assert.Equal("one", (await client.GetFromJsonAsync<AgentVersionView>($"{Path}/moving", PlatformJson.Options))!.Instructions);
    }

    [Fact]
    public async Task AddVersion_TwoWritersWithTheSameIfMatch_OneWinsAndTheOtherLearnsWhereItStands()
    {
        using var client = api.Client();
        await MakeAsync(client, "raced", "one");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => AddAsync(client, "raced", $"writer {i}", "\"v1-1\"")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var lost in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            var detail = await ExpectAsync(lost, HttpStatusCode.PreconditionFailed, "version_conflict", "If-Match");
            Assert.Contains("\"v2-2\"", detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ActivateAndDelete_OnAStaleIfMatch_Answer412AndChangeNothing()
    {
        using var client = api.Client();
        await MakeAsync(client, "stale", "one");
        using var activate = await SendAsync(client, HttpMethod.Post, $"{Path}/stale/activate", """{"version":1}""", "\"v9-9\", W/\"v1-1\"");
        using var delete = await SendAsync(client, HttpMethod.Delete, $"{Path}/stale", null, "\"v1-2\"");
        using var garbled = await SendAsync(client, HttpMethod.Delete, $"{Path}/stale", null, "v1-1");
        using var any = await SendAsync(client, HttpMethod.Delete, $"{Path}/stale", null, "*");

        await ExpectAsync(activate, HttpStatusCode.PreconditionFailed, "version_conflict", "If-Match");
        await ExpectAsync(delete, HttpStatusCode.PreconditionFailed, "version_conflict", "If-Match");
        await ExpectAsync(garbled, HttpStatusCode.BadRequest, "invalid_value", "If-Match");
        Assert.Equal(HttpStatusCode.NoContent, any.StatusCode);
    }

    [Fact]
    public async Task Archive_ThenActivate_BringsTheAgentBack()
    {
        using var client = api.Client();
        await MakeAsync(client, "resting", "one");
        using var archived = await client.DeleteAsync($"{Path}/resting");
        using var again = await client.DeleteAsync($"{Path}/resting");
        using var get = await client.GetAsync($"{Path}/resting");
        using var chat = await client.PostAsync("/v1/chat/completions", Chat("resting", "anyone there"));
        using var same = await client.PostAsJsonAsync(Path, new CreateAgent("resting", "small", "New."), PlatformJson.Options);
        using var add = await AddAsync(client, "resting", "two");
        using var versions = await client.GetAsync($"{Path}/resting/versions");

        Assert.Equal((HttpStatusCode.NoContent, "\"v1-1-archived\""), (archived.StatusCode, archived.Headers.ETag!.Tag));
        await ExpectAsync(again, HttpStatusCode.NotFound, "agent_archived", "name");
        Assert.Equal((HttpStatusCode.OK, archived.Headers.ETag), (get.StatusCode, get.Headers.ETag));
        Assert.True((await ReadAsync(get)).Archived);
        Assert.Equal(HttpStatusCode.NotFound, chat.StatusCode);
        Assert.Contains("activate", await ExpectAsync(same, HttpStatusCode.Conflict, "agent_exists", "name"), StringComparison.Ordinal);
        await ExpectAsync(add, HttpStatusCode.Conflict, "agent_archived", "name");
        Assert.Equal((HttpStatusCode.OK, "\"v1-1-archived\""), (versions.StatusCode, versions.Headers.ETag!.Tag));

        // The version that answered last, on top of what the list of versions told.
        using var back = await SendAsync(client, HttpMethod.Post, $"{Path}/resting/activate", """{"version":1}""", versions.Headers.ETag.Tag);
        using var answered = await client.PostAsync("/v1/chat/completions", Chat("resting", "back again"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (back.StatusCode, answered.StatusCode));
        Assert.False((await ReadAsync(back)).Archived);
    }

    [Fact]
    public async Task List_OfArchivedAgents_ShowsThemAndNobodyElse()
    {
        using var client = api.Client();
        await MakeAsync(client, "putaway-1", "one");
        await MakeAsync(client, "putaway-2", "one");
        using var archived = await client.DeleteAsync($"{Path}/putaway-1");
        var away = await client.GetFromJsonAsync<ListPage<AgentView>>($"{Path}?archived=true&q=putaway", PlatformJson.Options);
        var here = await client.GetFromJsonAsync<ListPage<AgentView>>($"{Path}?archived=false&q=putaway", PlatformJson.Options);
        using var wrong = await client.GetAsync($"{Path}?archived=perhaps");

        Assert.Equal([("putaway-1", true)], away!.Data.Select(agent => (agent.Name, agent.Archived)));
        Assert.Equal([("putaway-2", false)], here!.Data.Select(agent => (agent.Name, agent.Archived)));
        await ExpectAsync(wrong, HttpStatusCode.BadRequest, "invalid_value", "archived");
    }

    [Fact]
    public async Task Create_WithoutFallbacksOrWithNone_ShowsWhichOfTheTwo()
    {
        using var client = api.Client();
        await MakeAsync(client, "follows", "The model's own order.");
        using var made = await client.PostAsJsonAsync(Path, new CreateAgent("alone", "small", "Nobody else.", Fallbacks: []), PlatformJson.Options);
        var (follows, alone) = (await client.GetFromJsonAsync<AgentVersionView>($"{Path}/follows", PlatformJson.Options), await client.GetFromJsonAsync<AgentVersionView>($"{Path}/alone", PlatformJson.Options));

        Assert.Null(follows!.Fallbacks);
        Assert.Equal([], alone!.Fallbacks!);
    }

    [Fact]
    public async Task Diff_TwoVersions_NamesEveryMemberThatChanged()
    {
        using var client = api.Client();
        await MakeAsync(client, "compared", "a\nb\nc");
        using var second = await client.PostAsync($"{Path}/compared/versions", BadInputTests.Json("""{"name":"compared","model":"small","instructions":"a\nc\nd","tools":["clock"],"limits":{"max_steps":9,"max_seconds":60,"max_output_tokens":1024},"memory":{"window":{"size":3}}}"""));
        var diff = await client.GetFromJsonAsync<AgentDiff>($"{Path}/compared/diff?from=1&to=2", PlatformJson.Options);
        using var absent = await client.GetAsync($"{Path}/compared/diff?from=1");
        using var beyond = await client.GetAsync($"{Path}/compared/diff?from=1&to=3");
        using var word = await client.GetAsync($"{Path}/compared/diff?from=one&to=2");

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(["instructions", "tools", "limits.max_steps", "memory.window.size"], diff!.Changes.Select(change => change.Member));
        Assert.Equal([("same", "a"), ("removed", "b"), ("same", "c"), ("added", "d")], diff.Changes[0].Lines!.Select(line => (line.Kind, line.Text)));
        Assert.Equal(("8", "9"), (diff.Changes[2].Before, diff.Changes[2].After));
        Assert.Equal((null, "3"), (diff.Changes[3].Before, diff.Changes[3].After));
        await ExpectAsync(absent, HttpStatusCode.BadRequest, "missing_member", "to");
        await ExpectAsync(beyond, HttpStatusCode.NotFound, "version_not_found", "to");
        await ExpectAsync(word, HttpStatusCode.NotFound, "version_not_found", "from");
    }

    [Fact]
    public async Task Scopes_ReadAndWrite_AreAskedFor()
    {
        using var reader = await api.ClientWithAsync(new CreateKey("reader", [Scopes.AgentsRead]));
        using var writer = await api.ClientWithAsync(new CreateKey("writer", [Scopes.AgentsWrite]));
        using var read = await reader.GetAsync($"{Path}/assistant");
        using var refusedWrite = await reader.PostAsJsonAsync(Path, new CreateAgent("no", "small", "No."), PlatformJson.Options);
        using var refusedRead = await writer.GetAsync(Path);
        using var written = await writer.PostAsJsonAsync(Path, new CreateAgent("written", "small", "Yes."), PlatformJson.Options);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Created], new[] { read, refusedWrite, refusedRead, written }.Select(answer => answer.StatusCode));
        Assert.Equal("writer", (await ReadAsync(written)).CreatedBy);
    }

    internal static StringContent Chat(string agent, string text) =>
        BadInputTests.Json(JsonSerializer.Serialize(new { model = agent, messages = new[] { new { role = "user", content = text } } }));

    internal static async Task<AgentVersionView> ReadAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<AgentVersionView>(PlatformJson.Options))!;

    internal static async Task MakeAsync(HttpClient client, string name, string instructions)
    {
        using var answer = await client.PostAsJsonAsync(Path, new CreateAgent(name, "small", instructions), PlatformJson.Options);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    internal static Task<HttpResponseMessage> AddAsync(HttpClient client, string name, string instructions, string? match = null, string query = "") =>
        SendAsync(client, HttpMethod.Post, $"{Path}/{name}/versions{query}", JsonSerializer.Serialize(new CreateAgent(name, "small", instructions), PlatformJson.Options), match);

    internal static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? body, string? match)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : BadInputTests.Json(body) };
        if (match is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", match);
        }

        return await client.SendAsync(request);
    }

    internal static async Task<string> ExpectAsync(HttpResponseMessage answer, HttpStatusCode status, string code, string? param)
    {
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            (status, code, param),
            (answer.StatusCode, problem.RootElement.GetProperty("code").GetString(), problem.RootElement.TryGetProperty("param", out var named) ? named.GetString() : null));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return problem.RootElement.GetProperty("detail").GetString()!;
    }
}
