using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Agents;

/// <summary>Whatever is wrong with an agent, the first wrong member is named and nothing is kept.</summary>
public sealed class AgentRulesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("""{"name":"Upper"}""", "invalid_value", "name")]
    [InlineData("""{"name":""}""", "invalid_value", "name")]
    [InlineData("""{"name":"-x"}""", "invalid_value", "name")]
    [InlineData("""{"name":"x\n"}""", "invalid_value", "name")]
    [InlineData("""{"name":"x/y"}""", "invalid_value", "name")]
    [InlineData("""{"name":"model:small"}""", "invalid_value", "name")]
    [InlineData("""{"name":"model"}""", "invalid_value", "name")]
    [InlineData("""{"name":"a2345678901234567890123456789012345678901234567890123456789012345"}""", "invalid_value", "name")]
    [InlineData("""{"name":null}""", "invalid_json", "name")]
    [InlineData("""{"model":"huge"}""", "unknown_model", "model")]
    [InlineData("""{"model":""}""", "unknown_model", "model")]
    [InlineData("""{"instructions":" "}""", "invalid_value", "instructions")]
    [InlineData("""{"instructions":"nul \u0000"}""", "invalid_unicode", "instructions")]
    [InlineData("""{"type":"Big Type"}""", "invalid_value", "type")]
    [InlineData("""{"type":"model"}""", "invalid_value", "type")]
    [InlineData("""{"specialization":""}""", "invalid_value", "specialization")]
    [InlineData("""{"description":"two\nlines"}""", "invalid_value", "description")]
    [InlineData("""{"tools":["clock","fly"]}""", "unknown_tool", "tools[1]")]
    [InlineData("""{"tools":[null]}""", "unknown_tool", "tools[0]")]
    [InlineData("""{"tools":["clock","clock"]}""", "invalid_value", "tools[1]")]
    [InlineData("""{"tools":"clock"}""", "invalid_json", "tools")]
    [InlineData("""{"fallbacks":["small"]}""", "invalid_value", "fallbacks[0]")]
    [InlineData("""{"fallbacks":["huge"]}""", "unknown_model", "fallbacks[0]")]
    [InlineData("""{"fallbacks":[null]}""", "unknown_model", "fallbacks[0]")]
    [InlineData("""{"memory":[]}""", "invalid_json", "memory")]
    [InlineData("""{"memory":{"a":{"b":"\u0000"}}}""", "invalid_unicode", "memory.a.b")]
    [InlineData("""{"planning":{"a":1,"a":2}}""", "invalid_json", "a")]
    [InlineData("""{"security":{"a":[1e999]}}""", "invalid_value", "security")]
    [InlineData("""{"security":{"a":"\ud800"}}""", "invalid_unicode", "security.a")]
    [InlineData("""{"security":{"\udc00":1}}""", "invalid_unicode", "security")]
    [InlineData("""{"quality":{"mode":"guess"}}""", "invalid_json", "quality.mode")]
    [InlineData("""{"limits":{"max_steps":0,"max_seconds":1,"max_output_tokens":1}}""", "invalid_value", "limits.max_steps")]
    [InlineData("""{"limits":{"max_steps":1,"max_seconds":3601,"max_output_tokens":1}}""", "invalid_value", "limits.max_seconds")]
    [InlineData("""{"limits":{"max_steps":1,"max_seconds":1,"max_output_tokens":131073}}""", "invalid_value", "limits.max_output_tokens")]
    [InlineData("""{"scaling":{"min_replicas":-1,"max_replicas":1,"initial_replicas":1}}""", "invalid_value", "scaling.min_replicas")]
    [InlineData("""{"scaling":{"min_replicas":3,"max_replicas":2,"initial_replicas":3}}""", "invalid_value", "scaling.max_replicas")]
    [InlineData("""{"scaling":{"min_replicas":1,"max_replicas":2,"initial_replicas":3}}""", "invalid_value", "scaling.initial_replicas")]
    [InlineData("""{"resources":{"cpu_request":"much"}}""", "invalid_value", "resources.cpu_request")]
    [InlineData("""{"resources":{"cpu_request":"2","cpu_limit":"1500m"}}""", "invalid_value", "resources.cpu_request")]
    [InlineData("""{"resources":{"memory_limit":"512"}}""", "invalid_value", "resources.memory_limit")]
    [InlineData("""{"resources":{"memory_request":"2Gi","memory_limit":"1Gi"}}""", "invalid_value", "resources.memory_request")]
    [InlineData("""{"resources":{"gpu_limit":"0.5"}}""", "invalid_value", "resources.gpu_limit")]
    [InlineData("""{"container_image":"evil/image:1"}""", "image_not_allowed", "container_image")]
    [InlineData("""{"colour":"red"}""", "invalid_json", "colour")]
    [InlineData("""{"name":"Bad Name","model":"huge","instructions":""}""", "invalid_value", "name")]
    public async Task Create_WrongMember_Answers400AndNamesIt(string change, string code, string param)
    {
        using var client = api.Client();
        using var answer = await client.PostAsync(AgentsTests.Path, BadInputTests.Json(With(change)));

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, code, param);
        using var kept = await client.GetAsync($"{AgentsTests.Path}/wrong");
        Assert.Equal(HttpStatusCode.NotFound, kept.StatusCode);
    }

    [Theory]
    [InlineData("instructions", 100_001)]
    [InlineData("description", 501)]
    [InlineData("specialization", 101)]
    public async Task Create_TextThatIsTooLong_Answers400AndNamesIt(string member, int length)
    {
        using var answer = await api.Client().PostAsync(AgentsTests.Path, BadInputTests.Json(With(new JsonObject { [member] = new string('x', length) }.ToJsonString())));

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid_value", member);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("planning")]
    [InlineData("security")]
    public async Task Create_ObjectThatIsTooLarge_Answers400AndNamesIt(string member)
    {
        using var answer = await api.Client().PostAsync(AgentsTests.Path, BadInputTests.Json(With(new JsonObject { [member] = new JsonObject { ["x"] = new string('y', 16 * 1024) } }.ToJsonString())));

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid_value", member);
    }

    [Fact]
    public async Task Create_UnknownToolOrModel_ListsTheKnownOnes()
    {
        using var client = api.Client();
        using var tool = await client.PostAsync(AgentsTests.Path, BadInputTests.Json(With("""{"tools":["fly"]}""")));
        using var model = await client.PostAsync(AgentsTests.Path, BadInputTests.Json(With("""{"model":"huge"}""")));
        using var image = await client.PostAsync(AgentsTests.Path, BadInputTests.Json(With("""{"container_image":"x"}""")));

        Assert.Contains("calculator, clock, recall, remember", await DetailAsync(tool), StringComparison.Ordinal);
        Assert.Contains("known models: small", await DetailAsync(model), StringComparison.Ordinal);
        Assert.Contains("Agents:AllowedImages", await DetailAsync(image), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/wrong2/versions?activate=maybe", "activate")]
    [InlineData("/wrong2/versions", "name")]
    public async Task AddVersion_WrongQueryOrName_Answers400AndNamesIt(string path, string param)
    {
        using var answer = await api.Client().PostAsync(AgentsTests.Path + path, BadInputTests.Json(With("{}")));

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid_value", param);
    }

    [Theory]
    [InlineData("?limit=0", "invalid_value", "limit")]
    [InlineData("?limit=201", "invalid_value", "limit")]
    [InlineData("?cursor=!", "invalid_cursor", "cursor")]
    [InlineData("?q=%00", "invalid_value", "q")]
    [InlineData("/assistant/versions?limit=x", "invalid_value", "limit")]
    [InlineData("/assistant/versions?cursor=YQ", "invalid_cursor", "cursor")]
    public async Task List_WrongQuery_Answers400AndNamesIt(string query, string code, string param)
    {
        using var answer = await api.Client().GetAsync(AgentsTests.Path + query);

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.BadRequest, code, param);
    }

    [Theory]
    [InlineData("""{"version":0}""", HttpStatusCode.NotFound, "version_not_found", "version")]
    [InlineData("""{"version":7}""", HttpStatusCode.NotFound, "version_not_found", "version")]
    [InlineData("""{"version":"one"}""", HttpStatusCode.BadRequest, "invalid_json", "version")]
    [InlineData("""{}""", HttpStatusCode.BadRequest, "invalid_json", "version")]
    public async Task Activate_WrongVersion_IsRefused(string body, HttpStatusCode status, string code, string? param)
    {
        using var answer = await api.Client().PostAsync($"{AgentsTests.Path}/concierge/activate", BadInputTests.Json(body));

        await AgentsTests.ExpectAsync(answer, status, code, param);
    }

    [Theory]
    [InlineData("GET", "/nobody", "agent_not_found", "name")]
    [InlineData("DELETE", "/nobody", "agent_not_found", "name")]
    [InlineData("GET", "/nobody/versions", "agent_not_found", "name")]
    [InlineData("GET", "/nobody/versions/1", "agent_not_found", "name")]
    [InlineData("GET", "/assistant/versions/99", "version_not_found", "version")]
    [InlineData("GET", "/assistant/versions/-1", "version_not_found", "version")]
    [InlineData("GET", "/assistant/versions/99999999999999999999", "version_not_found", "version")]
    [InlineData("GET", "/nobody/diff?from=1&to=2", "agent_not_found", "name")]
    public async Task Request_ForWhatIsNotThere_Answers404(string method, string path, string code, string param)
    {
        using var answer = await AgentsTests.SendAsync(api.Client(), new HttpMethod(method), AgentsTests.Path + path, null, null);

        await AgentsTests.ExpectAsync(answer, HttpStatusCode.NotFound, code, param);
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer)
    {
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    /// <summary>A good agent with some members as given: later members of one name win, and halves of characters stay as they are.</summary>
    private static string With(string change)
    {
        var given = change.Trim()[1..^1];
        var parts = new[] { ("name", "\"wrong\""), ("model", "\"small\""), ("instructions", "\"Be good.\"") }
            .Where(part => !given.Contains($"\"{part.Item1}\":", StringComparison.Ordinal)).Select(part => $"\"{part.Item1}\":{part.Item2}");
        return "{" + string.Join(',', given.Length == 0 ? parts : parts.Append(given)) + "}";
    }
}
