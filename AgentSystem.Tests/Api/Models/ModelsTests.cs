using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using static AgentSystem.Tests.ServiceDefaults.Inference.ScriptedEndpoint;

namespace AgentSystem.Tests.Api.Models;

/// <summary>What the platform says of its models, and what an operator does with them.</summary>
public sealed class ModelsTests(ModelsFixture api) : IClassFixture<ModelsFixture>
{
    [Fact]
    public async Task List_PageByPage_ShowsEveryModelWithItsKindPriceAndFallbacks()
    {
        var models = new List<ModelView>();
        string? cursor = null;
        do
        {
            var page = await api.Client().GetFromJsonAsync<ListPage<ModelView>>($"/api/v1/models?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}", PlatformJson.Options);
            models.Add(Assert.Single(page!.Data));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(["embed", "narrow", "small", "unused"], models.Select(model => model.Name));
        Assert.Equal([ModelKind.Embedding, ModelKind.Chat, ModelKind.Chat, ModelKind.Chat], models.Select(model => model.Kind));
        Assert.Equal(["none", "none", "configured", "none"], models.Select(model => model.PriceSource));
        Assert.Equal(["small"], models[3].Fallbacks);
        Assert.Equal(1, models[1].Limits!.RequestsPerMinute);
    }

    [Fact]
    public async Task Chat_TheModelIsOutOfReach_ItsFallbackAnswersAndIsPaid()
    {
        using var answer = await ChatAsync("model:unused", "fall back please");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal("FALL BACK PLEASE", json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(("small", "1", "9"), (Header(answer, "x-agentsystem-model"), Header(answer, "x-agentsystem-fallbacks"), Header(answer, "x-agentsystem-cost-usd")));
        var usage = await UsageAsync(answer);
        Assert.Equal(("small", 1, 9m, 5, 2), (usage.Model, usage.Fallbacks, usage.CostUsd, usage.InputTokens, usage.OutputTokens));
    }

    [Fact]
    public async Task Chat_StreamedFromAFallback_SaysSoInTheLastChunk()
    {
        using var answer = await ChatAsync("model:unused", "fall back in a stream", stream: true);
        var chunks = (await answer.Content.ReadAsStringAsync()).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).ToList();
        var own = JsonSerializer.Deserialize<JsonElement>(chunks[^1]["data: ".Length..]).GetProperty("agentsystem");

        Assert.Equal(("small", 1), (own.GetProperty("model").GetString(), own.GetProperty("fallbacks").GetInt32()));
        Assert.Equal("small", Header(answer, "x-agentsystem-model"));
    }

    [Fact]
    public async Task Chat_AtTheModelsLimit_Answers503WithWhenToComeBack()
    {
        using var first = await ChatAsync("model:narrow", "one");
        using var second = await ChatAsync("model:narrow", "two");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "model_rate_limited"), (second.StatusCode, await CodeAsync(second)));
        Assert.InRange(int.Parse(Header(second, "Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 120);
    }

    [Fact]
    public async Task Chat_WithAnEmbeddingModel_SaysWhereToAskIt()
    {
        using var answer = await ChatAsync("model:embed", "hi");
        Assert.Equal((HttpStatusCode.BadRequest, "model_makes_vectors"), (answer.StatusCode, await CodeAsync(answer)));
    }

    [Fact]
    public async Task Status_OfAModelThatWasAsked_HasItsFigures()
    {
        (await ChatAsync("model:small", "figures please")).Dispose();
        var status = await api.Client().GetFromJsonAsync<ModelStatus>("/api/v1/models/SMALL", PlatformJson.Options);

        Assert.Equal(("small", "ready", "closed"), (status!.Model.Name, status.State, status.Breaker));
        Assert.True(status.Calls > 0 && status.P50Ms > 0 && status.FirstTokenP50Ms > 0, status.ToString());
        var breakers = await api.Client().GetFromJsonAsync<ListPage<BreakerView>>("/api/v1/breakers", PlatformJson.Options);
        Assert.Contains(breakers!.Data, breaker => breaker is { Name: "small", Kind: "model", State: "closed" });
    }

    [Fact]
    public async Task Breaker_OpenedByHand_KeepsCallsBackUntilItIsClosed()
    {
        try
        {
            var opened = await SetAsync("open");
            Assert.Equal(("isolated", "failed"), (opened.Breaker, opened.State));
            using var refused = await ChatAsync("model:small", "while it is open");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "model_unavailable"), (refused.StatusCode, await CodeAsync(refused)));
        }
        finally
        {
            Assert.Equal("closed", (await SetAsync("closed")).Breaker);
        }

        using var answered = await ChatAsync("model:small", "after it was closed");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Try_AModelThatAnswers_IsMeasured()
    {
        var trial = await TryAsync("small", new TryModel("say this", 16));
        Assert.Equal((true, "SAY THIS", 5, 2, 9m), (trial.Success, trial.Text, trial.InputTokens, trial.OutputTokens, trial.CostUsd));
        Assert.True(trial.FirstTokenMs <= trial.DurationMs, trial.ToString());
    }

    [Fact]
    public async Task Try_AModelOutOfReach_IsAResultAndGoesToNoFallback()
    {
        var trial = await TryAsync("unused", new TryModel("hi"));
        Assert.False(trial.Success);
        Assert.Contains("Models:unused:Endpoint", trial.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_AModelItsServerLacks_SaysTheCure()
    {
        api.Endpoint.Then(new Reply(404, """{"error":{"message":"not found"}}"""));
        var trial = await TryAsync("small", new TryModel("hi"));
        Assert.Contains("Models:small:Model", trial.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_AModelWithNothingToLoad_StaysAsItIs()
    {
        using var answer = await api.Client().PostAsync("/api/v1/models/unused/load", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("unused", (await answer.Content.ReadFromJsonAsync<ModelStatus>(PlatformJson.Options))!.Model.Name);
    }

    [Theory]
    [InlineData("GET", "/api/v1/models/nobody", null, 404, "model_not_found")]
    [InlineData("POST", "/api/v1/models/nobody/load", null, 404, "model_not_found")]
    [InlineData("POST", "/api/v1/models/nobody/try", """{"prompt":"hi"}""", 404, "model_not_found")]
    [InlineData("POST", "/api/v1/models/nobody/breaker", """{"state":"open"}""", 404, "model_not_found")]
    [InlineData("POST", "/api/v1/models/embed/try", """{"prompt":"hi"}""", 400, "model_makes_vectors")]
    [InlineData("POST", "/api/v1/models/small/try", """{"prompt":" "}""", 400, "invalid_value")]
    [InlineData("POST", "/api/v1/models/small/try", """{"prompt":"hi","max_output_tokens":1025}""", 400, "invalid_value")]
    [InlineData("POST", "/api/v1/models/small/try", """{"prompt":"hi","model":"x"}""", 400, "invalid_json")]
    [InlineData("POST", "/api/v1/models/small/breaker", """{"state":"ajar"}""", 400, "invalid_value")]
    [InlineData("GET", "/api/v1/models?limit=0", null, 400, "invalid_value")]
    [InlineData("GET", "/api/v1/breakers?cursor=!", null, 400, "invalid_cursor")]
    public async Task Ask_Wrongly_NamesWhatIsWrong(string method, string path, string? body, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        using var answer = await api.Client().SendAsync(request);
        Assert.Equal((status, code), ((int)answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("POST", "/api/v1/models/small/load")]
    [InlineData("POST", "/api/v1/models/small/try")]
    [InlineData("POST", "/api/v1/models/small/breaker")]
    public async Task Change_WithoutTheAdminScope_Answers403(string method, string path)
    {
        using var client = await api.ClientWithAsync(new CreateKey("reader", [Scopes.AgentsRead]));
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = JsonContent.Create(new { state = "open", prompt = "hi" }) });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using var list = await client.GetAsync("/api/v1/models");
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString();

    private Task<HttpResponseMessage> ChatAsync(string model, string text, bool stream = false) =>
        api.Client().PostAsJsonAsync("/v1/chat/completions", new { model, stream, messages = new[] { new { role = "user", content = text } } });

    private async Task<RequestUsage> UsageAsync(HttpResponseMessage answer) =>
        (await api.Client().GetFromJsonAsync<RequestUsage>($"/api/v1/usage/requests/{Header(answer, "x-request-id")}", PlatformJson.Options))!;

    private async Task<ModelStatus> SetAsync(string state)
    {
        using var answer = await api.Client().PostAsJsonAsync("/api/v1/models/small/breaker", new SetBreaker(state), PlatformJson.Options);
        return (await answer.Content.ReadFromJsonAsync<ModelStatus>(PlatformJson.Options))!;
    }

    private async Task<ModelTrial> TryAsync(string model, TryModel question)
    {
        using var answer = await api.Client().PostAsJsonAsync($"/api/v1/models/{model}/try", question, PlatformJson.Options);
        return (await answer.Content.ReadFromJsonAsync<ModelTrial>(PlatformJson.Options))!;
    }
}
