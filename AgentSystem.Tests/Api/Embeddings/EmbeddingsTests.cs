using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Tests.Api.Http.Idempotency;
using AgentSystem.Tests.Api.Models;

namespace AgentSystem.Tests.Api.Embeddings;

/// <summary>Vectors as OpenAI's clients ask for them, over the hashed default.</summary>
public sealed class EmbeddingsTests(ModelsFixture api) : IClassFixture<ModelsFixture>
{
    private const string Path = "/v1/embeddings";

    [Theory]
    [InlineData("embed")]
    [InlineData("model:embed")]
    public async Task Post_OneText_AnswersToOpenAIsLetter(string model)
    {
        var json = await PostAsync(new { model, input = "two words", user = "someone" });

        Assert.Equal(("list", model, 2, 2), (json.GetProperty("object").GetString(), json.GetProperty("model").GetString(), json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), json.GetProperty("usage").GetProperty("total_tokens").GetInt32()));
        var item = Assert.Single(json.GetProperty("data").EnumerateArray());
        Assert.Equal(("embedding", 0, 512), (item.GetProperty("object").GetString(), item.GetProperty("index").GetInt32(), item.GetProperty("embedding").GetArrayLength()));
    }

    [Fact]
    public async Task Post_InBase64_HoldsTheSameNumbers()
    {
        string[] input = ["one", "two"];
        var plain = await PostAsync(new { model = "embed", input });
        var coded = await PostAsync(new { model = "embed", input, encoding_format = "base64" });

        for (var index = 0; index < 2; index++)
        {
            var expected = plain.GetProperty("data")[index].GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle()).ToArray();
            var bytes = coded.GetProperty("data")[index].GetProperty("embedding").GetBytesFromBase64();
            Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
            Assert.Equal(index, coded.GetProperty("data")[index].GetProperty("index").GetInt32());
        }
    }

    [Fact]
    public async Task Post_AgainUnderAnIdempotencyKey_GivesTheSameVectorsWithoutMakingThemAgain()
    {
        using var client = api.Client();
        const string body = """{"model":"embed","input":["say it","twice"]}""";
        using var first = await IdempotentApi.PostAsync(client, Path, "vectors-1", body);
        using var second = await IdempotentApi.PostAsync(client, Path, "vectors-1", body);
        using var other = await IdempotentApi.PostAsync(client, Path, "vectors-1", """{"model":"embed","input":["say another"]}""");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal((false, true), (IdempotentApi.IsReplayed(first), IdempotentApi.IsReplayed(second)));
        Assert.Equal(Header(first, "x-request-id"), Header(second, "x-agentsystem-original-request"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task Post_IsRecordedLikeEveryRequest()
    {
        using var answer = await api.Client().PostAsJsonAsync(Path, new { model = "embed", input = "three more words", user = "usage-user" });
        Assert.Equal(("embed", "1", "0"), (Header(answer, "x-agentsystem-model"), Header(answer, "x-agentsystem-attempts"), Header(answer, "x-agentsystem-cost-usd")));
        var usage = await api.Client().GetFromJsonAsync<RequestUsage>($"/api/v1/usage/requests/{Header(answer, "x-request-id")}", PlatformJson.Options);

        Assert.Equal(("embed", "embed", 3, 0, 200, "success", "usage-user"), (usage!.Agent, usage.Model, usage.InputTokens, usage.OutputTokens, usage.Status, usage.Outcome, usage.User));
    }

    [Fact]
    public async Task Post_MoreThanTheKeyAllows_Answers429()
    {
        using var client = await api.ChatClientAsync(new KeyLimits(RequestsPerMinute: 1));
        using var first = await client.PostAsJsonAsync(Path, new { model = "embed", input = "one" });
        using var second = await client.PostAsJsonAsync(Path, new { model = "embed", input = "two" });

        Assert.Equal((HttpStatusCode.OK, "0"), (first.StatusCode, Header(first, "x-ratelimit-remaining-requests")));
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (second.StatusCode, second.Headers.RetryAfter is not null));
    }

    [Theory]
    [InlineData("""{"input":"x"}""", 400, "missing_member", "model")]
    [InlineData("""{"model":"embed"}""", 400, "missing_member", "input")]
    [InlineData("""{"model":"embed","input":""}""", 400, "invalid_value", "input")]
    [InlineData("""{"model":"embed","input":["a",""]}""", 400, "invalid_value", "input[1]")]
    [InlineData("""{"model":"embed","input":[]}""", 400, "invalid_value", "input")]
    [InlineData("""{"model":"embed","input":[1,2]}""", 400, "unsupported_value", "input")]
    [InlineData("""{"model":"embed","input":[[1,2]]}""", 400, "unsupported_value", "input")]
    [InlineData("""{"model":"embed","input":[true]}""", 400, "invalid_value", "input[0]")]
    [InlineData("""{"model":"embed","input":{"text":"x"}}""", 400, "invalid_value", "input")]
    [InlineData("""{"model":"embed","input":"x","encoding_format":"hex"}""", 400, "invalid_value", "encoding_format")]
    [InlineData("""{"model":"embed","input":"x","dimensions":0}""", 400, "invalid_value", "dimensions")]
    [InlineData("""{"model":"embed","input":"x","dimensions":64}""", 400, "unsupported_value", "dimensions")]
    [InlineData("""{"model":"nobody","input":"x"}""", 404, "model_not_found", "model")]
    [InlineData("""{"model":"model:small","input":"x"}""", 400, "model_answers_conversations", "model")]
    [InlineData("""["x"]""", 400, "invalid_json", null)]
    [InlineData("{", 400, "invalid_json", null)]
    public async Task Post_Wrongly_NamesTheMember(string body, int status, string code, string? param)
    {
        using var answer = await api.Client().PostAsync(Path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var error = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal((status, code, param), ((int)answer.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
    }

    [Fact]
    public async Task Post_MoreTextsThanAllowed_SaysHowMany()
    {
        using var answer = await api.Client().PostAsJsonAsync(Path, new { model = "embed", input = Enumerable.Repeat("x", 2_049) });
        Assert.Contains("1 to 2048 texts, not of 2049", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithoutTheScope_Answers403()
    {
        using var client = await api.ClientWithAsync(new CreateKey("reader", [Scopes.AgentsRead]));
        using var answer = await client.PostAsJsonAsync(Path, new { model = "embed", input = "x" });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Post_AKeyForOneAgentOnly_FindsNoModel()
    {
        using var client = await api.ClientWithAsync(new CreateKey("narrow", [Scopes.Chat], Agents: ["assistant"]));
        using var answer = await client.PostAsJsonAsync(Path, new { model = "embed", input = "x" });
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task ListModels_NamesTheVectorsToo() =>
        Assert.Contains("\"model:embed\"", await api.Client().GetStringAsync("/v1/models"), StringComparison.Ordinal);

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private async Task<JsonElement> PostAsync(object body)
    {
        using var answer = await api.Client().PostAsJsonAsync(Path, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }
}
