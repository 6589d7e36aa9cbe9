using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Ollama;
using Microsoft.Extensions.AI;
using static AgentSystem.Tests.ServiceDefaults.Inference.ScriptedEndpoint;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Ollama;

public sealed class OllamaModelProviderTests
{
    private const string NotPulled = """{"error":{"message":"model \"qwen3:8b\" not found, try pulling it first","type":"api_error","param":null,"code":null}}""";

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1")]
    public async Task Answer_WithToolsOffered_GoesToTheCompatibleApi(string path)
    {
        await using var server = await StartAsync(new Reply(200, Hello));
        using var client = Client(server, path);
        Assert.Equal("Hello!", (await client.GetResponseAsync("Hi", new() { Tools = [TestTools.Recall] })).Text);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST /v1/chat/completions", "qwen3:8b"), (request.Line, request.Json.GetProperty("model").GetString()));
        Assert.Equal(1, request.Json.GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task Answer_OfAModelThatIsNotPulled_NamesThoseThatAre()
    {
        await using var server = await StartAsync(new Reply(404, NotPulled), new Reply(200, """{"models":[{"name":"llama3.2:3b"},{"name":"gemma3:4b"}]}"""));
        using var client = Client(server);
        var error = await Assert.ThrowsAsync<ProviderException>(() => client.GetResponseAsync("Hi"));
        Assert.Equal(
            "The Ollama server of model \"test\" has not pulled 'qwen3:8b'. It has gemma3:4b, llama3.2:3b. Run 'ollama pull qwen3:8b' there, or set Models:test:Model to one it has.", error.Cure);
        Assert.Equal("GET /api/tags", server.Requests.Last().Line);
    }

    [Theory]
    [InlineData(200, "{\"models\":[]}", "It has pulled none yet.")]
    [InlineData(500, "broken", "has not pulled 'qwen3:8b'. Run")]
    [InlineData(200, "[]", "has not pulled 'qwen3:8b'. Run")]
    public async Task Answer_OfAModelThatIsNotPulled_WhereTheListHelpsLittle_StillNamesTheCure(int status, string tags, string expected)
    {
        await using var server = await StartAsync(new Reply(404, NotPulled), new Reply(status, tags));
        using var client = Client(server);
        var error = await Assert.ThrowsAsync<ProviderException>(async () => await client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());
        Assert.Contains(expected, error.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Refusal_OfAnotherKind_IsToldByItsStatus(int status)
    {
        await using var server = await StartAsync(new Reply(status, """{"error":"unauthorized"}""", new() { ["Retry-After"] = "2" }));
        using var client = Client(server);
        var error = await Assert.ThrowsAsync<ProviderException>(() => client.GetResponseAsync("Hi"));
        Assert.Equal((status, null, 2.0), ((int)error.StatusCode!, error.Cure, error.Pause!.Value.TotalSeconds));
    }

    [Fact]
    public async Task Stream_CutInTheMiddle_IsAnError()
    {
        await using var server = await StartAsync(Reply.Stream(whole: false, Reply.Chunk("Hel")) with { Breaks = true });
        using var client = Client(server);
        await Assert.ThrowsAnyAsync<Exception>(async () => await client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());
    }

    private static IChatClient Client(ScriptedEndpoint server, string path = "") =>
        new OllamaModelProvider().Create("test", new ModelOptions { Provider = "ollama", Endpoint = server.Address + path, Model = "qwen3:8b" }).Client;
}
