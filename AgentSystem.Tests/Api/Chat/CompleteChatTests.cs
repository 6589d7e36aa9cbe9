using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Api.Chat;

/// <summary>The chat surface, whole and streamed, over a scripted model and real tools.</summary>
public sealed class CompleteChatTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Post_ModelCallsTheCalculator_AnswersWithItsResultAndSaysWhatItCost()
    {
        api.Model.Then(Turn.Calls("calculator", "expression", "17*23"), Turn.Says("17*23 = 391"));
        using var answer = await PostAsync("What is 17 times 23?");

        using var json = await ReadAsync(answer);
        Assert.Equal("17*23 = 391", Content(json));
        Assert.Equal("stop", json.RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(20, json.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal("miss", Header(answer, "x-agentsystem-cache"));
        Assert.Equal("assistant", Header(answer, "x-agentsystem-agent"));
        Assert.Equal("2", Header(answer, "x-agentsystem-attempts"));
        Assert.Contains(api.Model.Asked, a => a.Messages.Any(m => m.Contents.OfType<FunctionResultContent>().Any(r => r.Result?.ToString() == "391")));
    }

    [Fact]
    public async Task Post_AResponseSchemaThatIsGood_ReachesTheModelAndItsAnswerTheClient()
    {
        api.Model.Then(Turn.Says("""{"city":"Bern"}"""));
        const string schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json(
            """{"model":"assistant","temperature":0.5,"messages":[{"role":"user","content":"which city"}],"response_format":{"type":"json_schema","json_schema":{"name":"place","strict":true,"schema":""" + schema + "}}}"));

        using var json = await ReadAsync(answer);
        Assert.Equal("""{"city":"Bern"}""", Content(json));
        var format = Assert.IsType<ChatResponseFormatJson>(api.Model.Asked.Last(asked => asked.Messages.Any(message => message.Text == "which city")).Options!.ResponseFormat);
        Assert.Equal(("place", schema), (format.SchemaName, format.Schema!.Value.GetRawText()));
    }

    [Fact]
    public async Task Post_TheSameQuestionTwice_IsAnsweredFromTheCacheWithoutTheModel()
    {
        using var first = await PostAsync("cache this sentence", user: "cache-user");
        var asked = api.Model.Asked.Count;
        using var second = await PostAsync("cache this sentence", user: "cache-user");
        using var other = await PostAsync("cache this sentence", user: "another-user");

        using var json = await ReadAsync(second);
        Assert.Equal("CACHE THIS SENTENCE", Content(json));
        Assert.Equal("exact", Header(second, "x-agentsystem-cache"));
        Assert.Equal("0", Header(second, "x-agentsystem-attempts"));
        Assert.Equal("miss", Header(other, "x-agentsystem-cache"));
        Assert.Equal(asked + 1, api.Model.Asked.Count);
    }

    [Fact]
    public async Task Post_AnAnswerThatUsedTheClock_IsNeverStored()
    {
        const string question = "what time is it in Oslo, cache test";
        api.Model.Then(Turn.Calls("clock", "place", "Oslo"), Turn.Says("late"), Turn.Says("later"));
        using var first = await PostAsync(question);
        using var second = await PostAsync(question);

        using var json = await ReadAsync(second);
        Assert.Equal("later", Content(json));
        Assert.Equal("miss", Header(second, "x-agentsystem-cache"));
    }

    [Fact]
    public async Task Post_ClientTool_IsPassedThroughAndItsCallHandedBack()
    {
        api.Model.Then(Turn.Calls("get_weather", "city", "Oslo"));
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json(
            """{"model":"assistant","messages":[{"role":"user","content":"weather?"}],"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]}"""));

        using var json = await ReadAsync(answer);
        var choice = json.RootElement.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var function = choice.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal("get_weather", function.GetProperty("name").GetString());
        Assert.Equal("""{"city":"Oslo"}""", function.GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Post_EmptyAnswer_IsRefusedHonestly()
    {
        api.Model.Then(Turn.Says(""));
        using var answer = await PostAsync("say nothing");

        await BadInputTests.Expect(answer, HttpStatusCode.BadGateway, "empty_answer", null);
    }

    [Fact]
    public async Task Post_JsonAskedForAndNotGiven_IsRefusedHonestly()
    {
        api.Model.Then(Turn.Says("no json here"));
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json("""{"model":"assistant","messages":[{"role":"user","content":"json please"}],"response_format":{"type":"json_object"}}"""));

        await BadInputTests.Expect(answer, HttpStatusCode.BadGateway, "off_format", null);
    }

    [Fact]
    public async Task Post_ModelFailsOnce_IsTriedAgain()
    {
        api.Model.Then(Turn.Fails(new HttpRequestException("down")), Turn.Says("up again"));
        using var answer = await PostAsync("try hard");

        using var json = await ReadAsync(answer);
        Assert.Equal("up again", Content(json));
        Assert.Equal("2", Header(answer, "x-agentsystem-attempts"));
    }

    [Fact]
    public async Task Post_KeyWithoutTheTool_TheModelIsNotOfferedIt()
    {
        using var client = await api.ClientWithAsync(new AgentSystem.Contracts.Keys.CreateKey("no tools", [Scopes.Chat], Tools: ["calculator"]));
        using var answer = await client.PostAsync(Path, Body("which tools do you have"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["calculator"], api.Model.Asked.Last().Options!.Tools!.Select(t => t.Name));
    }

    [Fact]
    public async Task Post_KeyBoundToAUser_CannotNameAnother()
    {
        using var client = await api.ClientWithAsync(new AgentSystem.Contracts.Keys.CreateKey("bound", [Scopes.Chat], User: "u1"));
        using var answer = await client.PostAsync(Path, Body("hi", user: "u2"));

        await BadInputTests.Expect(answer, HttpStatusCode.Forbidden, "user_not_allowed", "user");
    }

    [Fact]
    public async Task Post_OverTheRequestLimit_Answers429WithRetryAfter()
    {
        using var client = await api.ChatClientAsync(new KeyLimits(RequestsPerMinute: 1));
        using var first = await client.PostAsync(Path, Body("one"));
        using var second = await client.PostAsync(Path, Body("two"));

        Assert.Equal("1", Header(first, "x-ratelimit-limit-requests"));
        await BadInputTests.Expect(second, HttpStatusCode.TooManyRequests, "rate_limit_exceeded", null);
        Assert.NotNull(second.Headers.RetryAfter);
    }

    [Fact]
    public async Task GetUsage_AfterAnAnswer_TellsWhereTimeTokensAndMoneyWent()
    {
        using var answer = await PostAsync("account for this");
        var id = Header(answer, "x-request-id");

        var usage = await api.Client().GetFromJsonAsync<RequestUsage>("/api/v1/usage/requests/" + id, PlatformJson.Options);

        Assert.Equal((10, 3, 0.000016m, "success"), (usage!.InputTokens, usage.OutputTokens, usage.CostUsd, usage.Outcome));
    }

    private Task<HttpResponseMessage> PostAsync(string text, string user = "u1") => api.Client().PostAsync(Path, Body(text, user));

    internal static StringContent Body(string text, string? user = null, bool stream = false) => BadInputTests.Json(JsonSerializer.Serialize(new
    {
        model = "assistant",
        user,
        stream,
        messages = new[] { new { role = "user", content = text } },
    }));

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text);
    }

    private static string? Content(JsonDocument json) => json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
