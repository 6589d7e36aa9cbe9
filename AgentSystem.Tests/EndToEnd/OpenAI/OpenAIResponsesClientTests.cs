using System.ClientModel;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using OpenAI;

// The client calls its Responses half experimental; a change of it is to be found by this test, at the next update of the package.
#pragma warning disable OPENAI001, MEAI001

namespace AgentSystem.Tests.EndToEnd.OpenAI;

/// <summary>The official OpenAI client for .NET, unchanged, on the Responses endpoint.</summary>
public sealed class OpenAIResponsesClientTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task GetResponse_OverTwoTurns_ReadsTheAnswerAndGoesOnFromIt()
    {
        using var client = Client();
        var first = await client.GetResponseAsync("my name is Grace");
        var second = await client.GetResponseAsync("and who am I", new ChatOptions { ConversationId = first.ConversationId });

        Assert.Equal("MY NAME IS GRACE", first.Text);
        Assert.StartsWith("resp_", first.ConversationId, StringComparison.Ordinal);
        Assert.Equal("AND WHO AM I", second.Text);
        Assert.Contains(api.Model.Asked.Last().Messages, message => message.Text == "my name is Grace");
        Assert.True(first.Usage?.TotalTokenCount > 0, "Tokens were not read.");
    }

    [Fact]
    public async Task GetStreamingResponse_SaysThePiecesAndTheEnd()
    {
        using var client = Client();
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync("stream to the official client"))
        {
            updates.Add(update);
        }

        Assert.Equal("STREAM TO THE OFFICIAL CLIENT", updates.ToChatResponse().Text);
        Assert.True(updates.Count(static update => update.Text.Length > 0) > 1, "The answer came in one piece.");
    }

    [Fact]
    public async Task GetResponse_WithAFunction_ReadsTheCallAndSendsItsResult()
    {
        using var client = Client();
        api.Model.Then(Turn.Calls("get_weather", "city", "Bodø"), Turn.Says("windy"));
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("get_weather", "Weather in a city", System.Text.Json.JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}"""))] };
        var first = await client.GetResponseAsync("weather in Bodø?", options);
        var call = first.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().Single();
        options.ConversationId = first.ConversationId;
        var second = await client.GetResponseAsync([new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "a gale")])], options);

        Assert.Equal(("get_weather", "Bodø"), (call.Name, call.Arguments!["city"]!.ToString()));
        Assert.Equal("windy", second.Text);
    }

    private IChatClient Client() =>
        new OpenAIClient(new ApiKeyCredential(api.AdminKey), new OpenAIClientOptions { Endpoint = new Uri(api.BaseUrl + "/v1") }).GetResponsesClient().AsIChatClient("assistant");
}
