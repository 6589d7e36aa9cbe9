using System.Text.Json;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.OpenAI;

public sealed class OpenAIModelProviderTests
{
    [Fact]
    public async Task Answer_WithAToolCall_GoesThroughTheProtocolBothWays()
    {
        await using var server = await ScriptedServer.StartAsync(StatusCodes.Status200OK, """
            {"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,
            "tool_calls":[{"id":"c1","type":"function","function":{"name":"recall","arguments":"{\"subject\":\"my key\"}"}}]}}],
            "usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}
            """);
        using var client = server.Client();
        var answer = await client.GetResponseAsync("Where is my key?", new() { Tools = [TestTools.Recall], MaxOutputTokens = 9 });
        var call = Assert.Single(answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal(("recall", "my key", 12L), (call.Name, call.Arguments!["subject"]!.ToString(), answer.Usage!.TotalTokenCount));
        var request = Assert.Single(server.Requests);
        Assert.Equal(("Bearer secret", "m"), (request.Authorization, request.Body.GetProperty("model").GetString()));
        Assert.Equal("recall", request.Body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Answer_OfABrokenServer_IsTriedOnce()
    {
        await using var server = await ScriptedServer.StartAsync(StatusCodes.Status503ServiceUnavailable, "{}");
        using var client = server.Client();
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetResponseAsync("Hello!"));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, error.StatusCode);
        Assert.Single(server.Requests);
    }

    private sealed class ScriptedServer(WebApplication app) : IAsyncDisposable
    {
        public List<(string Authorization, JsonElement Body)> Requests { get; } = [];

        public static async Task<ScriptedServer> StartAsync(int status, string body)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var server = new ScriptedServer(builder.Build());
            server.App.MapPost("/v1/chat/completions", async (HttpRequest request) =>
            {
                server.Requests.Add((request.Headers.Authorization.ToString(), await JsonSerializer.DeserializeAsync<JsonElement>(request.Body)));
                return Results.Text(body, "application/json", statusCode: status);
            });
            server.App.Urls.Add("http://127.0.0.1:0");
            await server.App.StartAsync();
            return server;
        }

        private WebApplication App { get; } = app;

        public IChatClient Client() => new OpenAIModelProvider().Create("test", new ModelOptions
        {
            Provider = ModelProviders.OpenAI,
            Endpoint = $"{App.Urls.First()}/v1",
            Model = "m",
            ApiKey = "secret",
        }).Client;

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
