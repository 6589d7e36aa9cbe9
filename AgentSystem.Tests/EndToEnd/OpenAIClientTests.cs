using System.Text.Json.Nodes;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>The official OpenAI client for Node, unchanged, against the real API.</summary>
public sealed class OpenAIClientTests(OpenAIClientRun run) : IClassFixture<OpenAIClientRun>
{
    [Fact]
    public void Models_AreListed_WithTheSeededAgent() => Assert.Contains("assistant", Result("models")["ids"]!.AsArray().Select(id => (string?)id));

    [Fact]
    public void Chat_WithoutStreaming_AnswersAfterARealToolCall()
    {
        var chat = Result("chat");

        Assert.Equal("chat.completion", (string?)chat["object"]);
        Assert.Equal("assistant", (string?)chat["role"]);
        Assert.Contains("391", (string?)chat["content"], StringComparison.Ordinal);
        Assert.Equal("stop", (string?)chat["finish"]);
        Assert.NotEmpty((string)chat["requestId"]!);
        AssertUsage(chat["usage"]);
    }

    [Fact]
    public void Chat_Streaming_SendsPiecesAndTheUsageLast()
    {
        var stream = Result("stream");

        Assert.Contains("391", (string?)stream["content"], StringComparison.Ordinal);
        Assert.True((int)stream["chunks"]! > 2, "The answer came in one piece.");
        Assert.Equal("stop", (string?)stream["finish"]);
        Assert.Equal(0, (int)stream["choicesInUsageChunk"]!);
        AssertUsage(stream["usage"]);
    }

    [Fact]
    public void Chat_ThroughTheStreamHelper_IsPutTogetherAgain()
    {
        var helper = Result("streamHelper");

        Assert.Contains("391", (string?)helper["content"], StringComparison.Ordinal);
        Assert.Equal("stop", (string?)helper["finish"]);
    }

    [Fact]
    public void ClientTool_Called_IsHandedBackAndItsResultTakenUp()
    {
        var tool = Result("clientTool");

        Assert.Equal("tool_calls", (string?)tool["finish"]);
        Assert.Equal("function", (string?)tool["call"]!["type"]);
        Assert.Equal("get_weather", (string?)tool["call"]!["name"]);
        Assert.NotEmpty((string)tool["call"]!["id"]!);
        Assert.Equal("Paris", (string?)JsonNode.Parse((string)tool["call"]!["arguments"]!)!["city"]);
        Assert.Contains("18 degrees", (string?)tool["answer"]!["content"], StringComparison.Ordinal);
        Assert.Equal("stop", (string?)tool["answer"]!["finish"]);
    }

    [Fact]
    public void Responses_WholeAndStreamed_AreReadByTheClient()
    {
        var (basic, stream, helper) = (Response("basic"), Response("stream"), Response("streamHelper"));

        Assert.Equal(("response", "completed"), ((string?)basic["object"], (string?)basic["status"]));
        Assert.All([(string?)basic["text"], (string?)stream["text"], (string?)helper["text"]], text => Assert.Contains("391", text, StringComparison.Ordinal));
        Assert.Equal(("response.created", "response.completed"), ((string?)stream["types"]![0], (string?)stream["types"]!.AsArray()[^1]));
        Assert.Equal(Enumerable.Range(0, stream["numbers"]!.AsArray().Count), stream["numbers"]!.AsArray().Select(number => (int)number!));
        Assert.Equal("completed", (string?)helper["status"]);
    }

    [Fact]
    public void Responses_WithAFunctionOverTwoTurns_TakeItsResultUp()
    {
        var tools = Response("tools");

        Assert.Equal("get_weather", (string?)tools["name"]);
        Assert.Equal("Paris", (string?)JsonNode.Parse((string)tools["arguments"]!)!["city"]);
        Assert.Contains("18 degrees", (string?)tools["text"], StringComparison.Ordinal);
    }

    [Fact]
    public void Responses_InTheBackground_AreReadTakenUpByNumberAndDeleted()
    {
        var background = Response("background");

        Assert.Equal(("queued", "completed", 404), ((string?)background["queued"], (string?)background["status"], (int)background["gone"]!));
        Assert.Equal(2, (int)background["events"]![0]!);
        Assert.Equal("message", (string?)background["items"]!.AsArray().Single());
    }

    [Theory]
    [InlineData("unknownAgent", "NotFoundError", 404)]
    [InlineData("wrongKey", "AuthenticationError", 401)]
    [InlineData("emptyMessages", "BadRequestError", 400)]
    public void Refusal_OfEachKind_BecomesTheClientsOwnError(string check, string kind, int status)
    {
        var refusal = Result(check);

        Assert.True((bool)refusal["refused"]!);
        Assert.Equal(kind, (string?)refusal["kind"]);
        Assert.Equal(status, (int)refusal["status"]!);
        Assert.False(string.IsNullOrEmpty((string?)refusal["code"]), "The error has no code.");
        Assert.False(string.IsNullOrEmpty((string?)refusal["type"]), "The error has no type.");
    }

    private static void AssertUsage(JsonNode? usage)
    {
        Assert.NotNull(usage);
        var (input, output, total) = ((int)usage["prompt_tokens"]!, (int)usage["completion_tokens"]!, (int)usage["total_tokens"]!);
        Assert.True(input > 0 && output > 0, "Tokens were not counted.");
        Assert.Equal(input + output, total);
    }

    private JsonNode Result(string check) => Of(run.Results, check);

    private JsonNode Response(string check) => Of(run.Responses, check);

    private JsonNode Of(JsonNode? results, string check)
    {
        Assert.SkipWhen(run.Missing is not null, run.Missing ?? "");
        var result = results![check]!;
        Assert.True(result["failed"] is null, $"The client failed at {check}: {result["failed"]}");
        return result;
    }
}

/// <summary>One run of the client against one API; the tests read its results.</summary>
public sealed class OpenAIClientRun(TestPostgres postgres) : IAsyncLifetime
{
    private readonly ApiFixture api = new(postgres);

    /// <summary>What the client found, by check.</summary>
    public JsonNode? Results { get; private set; }

    /// <summary>What it found on the Responses endpoint, by check.</summary>
    public JsonNode? Responses { get; private set; }

    /// <summary>Why the client cannot run here, with the cure; null when it ran.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        Missing = await NodeClient.PrepareAsync();
        if (Missing is null)
        {
            api.Model.Otherwise = Answer;
            Results = await NodeClient.RunAsync(api.BaseUrl, api.AdminKey);
            Responses = await NodeClient.RunAsync(api.BaseUrl, api.AdminKey, "responses.mjs");
        }
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    /// <summary>Calls the tool the question is about, and says the result of a tool that was called.</summary>
    private static Turn Answer(IReadOnlyList<ChatMessage> conversation) => conversation[^1] switch
    {
        { Role: var role } last when role == ChatRole.Tool => Turn.Says($"The result is {last.Contents.OfType<FunctionResultContent>().Last().Result} indeed."),
        { Text: var text } when text.Contains("weather", StringComparison.Ordinal) => Turn.Calls("get_weather", "city", "Paris"),
        _ => Turn.Calls("calculator", "expression", "17*23"),
    };
}
