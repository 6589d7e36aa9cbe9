using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Azure;
using Microsoft.Extensions.AI;
using static AgentSystem.Tests.ServiceDefaults.Inference.ScriptedEndpoint;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Azure;

public sealed class AzureModelProviderTests
{
    [Theory]
    [InlineData("", null, "POST /openai/v1/chat/completions")]
    [InlineData("/", null, "POST /openai/v1/chat/completions")]
    [InlineData("/openai/v1/", null, "POST /openai/v1/chat/completions")]
    [InlineData("", "2024-10-21", "POST /openai/deployments/my-gpt/chat/completions?api-version=2024-10-21")]
    public async Task Answer_OfEitherApi_IsAskedForAtItsOwnAddressWithTheKeyInItsHeader(string path, string? version, string line)
    {
        await using var server = await StartAsync(new Reply(200, Hello));
        using var client = Client(server, path, version);
        var answer = await client.GetResponseAsync("Hi");
        var request = Assert.Single(server.Requests);
        Assert.Equal((line, "secret", null, "my-gpt"), (request.Line, request.Header("api-key"), request.Header("Authorization"), request.Json.GetProperty("model").GetString()));
        Assert.Equal(("Hello!", 12L), (answer.Text, answer.Usage!.TotalTokenCount));
    }

    [Fact]
    public async Task Stream_OfTheDatedApi_KeepsTheVersionAndEndsWhole()
    {
        await using var server = await StartAsync(Reply.Stream(whole: true, Reply.Chunk("Hi"), Reply.Chunk(null, "stop"), Reply.Usage));
        using var client = Client(server, version: "2024-10-21");
        Assert.Equal("Hi", (await client.GetStreamingResponseAsync("Hi").ToChatResponseAsync()).Text);
        Assert.EndsWith("?api-version=2024-10-21", Assert.Single(server.Requests).Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, null)]
    [InlineData(404, "no such deployment")]
    [InlineData(429, null)]
    [InlineData(500, null)]
    public async Task Refusal_EachOfThem_TellsStatusAndCure(int status, string? cure)
    {
        await using var server = await StartAsync(new Reply(status, """{"error":{"code":"DeploymentNotFound","message":"..."}}""", new() { ["Retry-After"] = "3" }));
        using var client = Client(server);
        var error = await Assert.ThrowsAsync<ProviderException>(() => client.GetResponseAsync("Hi"));
        Assert.Equal((status, 3.0), ((int)error.StatusCode!, error.Pause!.Value.TotalSeconds));
        Assert.Equal(cure is not null, error.Cure?.Contains(cure ?? "", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Vectors_OfADeployment_AreAskedForUnderItsName()
    {
        await using var server = await StartAsync(new Reply(200, """{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAAA="}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}"""));
        using var generator = new AzureModelProvider().CreateEmbedder("vectors", Settings(server.Address, "2024-10-21")).Generator;
        var made = await generator.GenerateAsync(["one"]);
        Assert.Equal([1f, 0f], made[0].Vector.ToArray());
        Assert.Equal("POST /openai/deployments/my-gpt/embeddings?api-version=2024-10-21", Assert.Single(server.Requests).Line);
    }

    [Fact]
    public void Check_NothingGiven_NamesEverySettingAndWhatGoesThere()
    {
        var mistakes = new AzureModelProvider().Check("Models:a", new ModelOptions { Provider = "azure", ApiVersion = "v1?x", Path = "/tmp" }).ToList();
        string[] expected = ["Models:a:Endpoint: missing.", "Models:a:Model: missing. Give the name of the deployment", "Models:a:ApiKey: missing.", "Models:a:ApiVersion: 'v1?x'", "Models:a:Path: has no meaning"];
        Assert.All(expected, text => Assert.Contains(mistakes, mistake => mistake.StartsWith(text, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, mistakes.Count);
    }

    private static ModelOptions Settings(string endpoint, string? version) => new() { Provider = "azure", Endpoint = endpoint, Model = "my-gpt", ApiKey = "secret", ApiVersion = version };

    private static IChatClient Client(ScriptedEndpoint server, string path = "", string? version = null) =>
        new AzureModelProvider().Create("test", Settings(server.Address + path, version)).Client;
}
