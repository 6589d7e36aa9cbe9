using System.Net;
using System.Text.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Threads;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Api.Responses;

/// <summary>Responses that are kept: read, listed, deleted, gone on from, and by whom.</summary>
public sealed class StoredResponsesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Post_ASchemaThatIsGood_ReachesTheModelAndIsRepeatedInTheResponse()
    {
        api.Model.Then(Turn.Says("""{"city":"Bern"}"""));
        const string schema = """{"type":"object","properties":{"city":{"type":"string"}}}""";
        var response = await api.Client().RespondAsync("\"which city is it\"", ""","text":{"format":{"type":"json_schema","name":"place","schema":""" + schema + "}}");

        Assert.Equal("""{"city":"Bern"}""", response.Said());
        Assert.Equal(schema, response.GetProperty("text").GetProperty("format").GetProperty("schema").GetRawText());
        var format = Assert.IsType<ChatResponseFormatJson>(api.Model.Asked.Last(asked => asked.Messages.Any(message => message.Text == "which city is it")).Options!.ResponseFormat);
        Assert.Equal("place", format.SchemaName);
    }

    [Fact]
    public async Task Get_AStoredOne_AnswersTheSameAlsoAfterARestart()
    {
        var made = await api.Client().RespondAsync("\"keep this\"", ""","metadata":{"ticket":"7"}""");
        await api.RestartAsync();
        var read = await api.Client().GetJsonAsync($"{ResponseCalls.Path}/{made.Text("id")}");

        Assert.True(JsonElement.DeepEquals(made, read), $"{made}\n{read}");
        Assert.Equal("7", read.GetProperty("metadata").Text("ticket"));
    }

    [Fact]
    public async Task Get_OneThatWasNotStored_Answers404()
    {
        using var client = api.Client();
        var made = await client.RespondAsync("\"forget this\"", ""","store":false""");
        using var answer = await client.GetAsync($"{ResponseCalls.Path}/{made.Text("id")}");

        Assert.False(made.GetProperty("store").GetBoolean());
        await BadInputTests.Expect(answer, HttpStatusCode.NotFound, "response_not_found", "response_id");
    }

    [Fact]
    public async Task Get_OfAnotherKeyOrUser_Answers404AndOfTheSameUserIsAnswered()
    {
        using var ann = await api.ClientWithAsync(new CreateKey("ann", [Scopes.Chat], User: "ann"));
        using var annToo = await api.ClientWithAsync(new CreateKey("ann too", [Scopes.Chat], User: "ann"));
        using var bob = await api.ClientWithAsync(new CreateKey("bob", [Scopes.Chat], User: "bob"));
        using var other = await api.ChatClientAsync();
        var made = await ann.RespondAsync("\"mine\"");
        var path = $"{ResponseCalls.Path}/{made.Text("id")}";

        Assert.Equal(made.Text("id"), (await annToo.GetJsonAsync(path)).Text("id"));
        foreach (var client in new[] { bob, other })
        {
            using var read = await client.GetAsync(path);
            using var gone = await client.DeleteAsync(path);
            using var next = await client.SendAsync("\"go on\"", $$""","previous_response_id":"{{made.Text("id")}}" """);
            await BadInputTests.Expect(read, HttpStatusCode.NotFound, "response_not_found", "response_id");
            await BadInputTests.Expect(gone, HttpStatusCode.NotFound, "response_not_found", "response_id");
            await BadInputTests.Expect(next, HttpStatusCode.NotFound, "previous_response_not_found", "previous_response_id");
        }
    }

    [Fact]
    public async Task PreviousResponse_OfAnotherUserOfTheSameKey_Answers404AndWithoutAUserGoesOnForTheFirst()
    {
        using var client = await api.ChatClientAsync();
        var made = await client.RespondAsync("\"for carl\"", ""","user":"carl" """);
        using var dora = await client.SendAsync("\"and for dora\"", $$""","user":"dora","previous_response_id":"{{made.Text("id")}}" """);
        var next = await client.RespondAsync("\"go on\"", $$""","previous_response_id":"{{made.Text("id")}}" """);

        await BadInputTests.Expect(dora, HttpStatusCode.NotFound, "previous_response_not_found", "previous_response_id");
        Assert.Equal("completed", next.Text("status"));
    }

    [Fact]
    public async Task Delete_OneInTheMiddleOfAChain_BreaksTheChainInsteadOfShorteningIt()
    {
        using var client = api.Client();
        var first = await client.RespondAsync("\"one\"");
        var second = await client.RespondAsync("\"two\"", $$""","previous_response_id":"{{first.Text("id")}}" """);
        using var deleted = await client.DeleteAsync($"{ResponseCalls.Path}/{first.Text("id")}");
        using var read = await client.GetAsync($"{ResponseCalls.Path}/{first.Text("id")}");
        using var next = await client.SendAsync("\"three\"", $$""","previous_response_id":"{{second.Text("id")}}" """);

        Assert.Contains("\"deleted\":true", await deleted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        await BadInputTests.Expect(next, HttpStatusCode.NotFound, "previous_response_not_found", "previous_response_id");
    }

    [Fact]
    public async Task InputItems_AreListedInPagesInBothOrders()
    {
        using var client = api.Client();
        var made = await client.RespondAsync("""[{"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":[{"type":"input_text","text":"three"}]}]""");
        var path = $"{ResponseCalls.Path}/{made.Text("id")}/input_items";
        var newest = await client.GetJsonAsync(path);
        var first = await client.GetJsonAsync(path + "?order=asc&limit=2");
        var rest = await client.GetJsonAsync($"{path}?order=asc&limit=2&after={first.Text("last_id")}");
        using var wrong = await client.GetAsync(path + "?after=nothing");

        Assert.Equal(["three", "two", "one"], Texts(newest));
        Assert.Equal((true, "one", "two"), (first.GetProperty("has_more").GetBoolean(), Texts(first)[0], Texts(first)[1]));
        Assert.Equal((false, "three"), (rest.GetProperty("has_more").GetBoolean(), Texts(rest).Single()));
        Assert.Equal(["input_text", "output_text", "input_text"], newest.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("content")[0].Text("type")));
        await BadInputTests.Expect(wrong, HttpStatusCode.BadRequest, "invalid_cursor", "after");
    }

    [Fact]
    public async Task Conversation_OfAThread_AddsTheTurnToIt()
    {
        using var client = api.Client();
        var thread = await client.StartAsync();
        var first = await client.RespondAsync("\"remember the thread\"", $$""","conversation":"{{thread.Id}}" """);
        await client.RespondAsync("\"and go on\"", $$""","conversation":{"id":"{{thread.Id}}"}""");

        Assert.Equal(thread.Id, first.GetProperty("conversation").Text("id"));
        Assert.Equal(["remember the thread", "REMEMBER THE THREAD", "and go on", "AND GO ON"], (await client.MessagesAsync(thread.Id)).Select(message => message.Text));
        Assert.Contains(api.Model.Asked.Last().Messages, message => message.Text == "REMEMBER THE THREAD");
    }

    [Fact]
    public async Task Post_CutAtTheTokenLimit_IsIncompleteAndSaysWhy()
    {
        api.Model.Then(Turn.Says("cut off") with { Reason = Microsoft.Extensions.AI.ChatFinishReason.Length });
        var response = await api.Client().RespondAsync("\"a long one\"", ""","max_output_tokens":2""");

        Assert.Equal(("incomplete", "max_output_tokens"), (response.Text("status"), response.GetProperty("incomplete_details").Text("reason")));
        Assert.Equal("incomplete", response.GetProperty("output")[0].Text("status"));
    }

    [Fact]
    public async Task Post_TruncationAuto_LeavesTheOldestOfAChainOutWhereTheContextEnds()
    {
        using var client = api.Client();
        // The model's context is 4,096 tokens, of which the answer takes at most half.
        var first = await client.RespondAsync($"\"oldest {new string('a', 9_000)}\"");
        var second = await client.RespondAsync("\"newer\"", $$""","previous_response_id":"{{first.Text("id")}}" """);
        await client.RespondAsync("\"newest\"", $$""","previous_response_id":"{{second.Text("id")}}","truncation":"auto" """);

        var asked = api.Model.Asked.Last().Messages.Select(message => message.Text).ToList();
        Assert.Contains("newer", asked);
        Assert.DoesNotContain(asked, text => text.StartsWith("oldest", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"input":"hi"}""", "missing_member", "model")]
    [InlineData("""{"model":"assistant"}""", "missing_member", "input")]
    [InlineData("""{"model":"assistant","input":[]}""", "missing_member", "input")]
    [InlineData("""{"model":"assistant","input":7}""", "invalid_value", "input")]
    [InlineData("""{"model":"assistant","input":[{"role":"king","content":"hi"}]}""", "invalid_value", "input[0].role")]
    [InlineData("""{"model":"assistant","input":[{"type":"item_reference","id":"x"}]}""", "invalid_value", "input[0].type")]
    [InlineData("""{"model":"assistant","input":[{"role":"user","content":[{"type":"input_file","file_id":"x"}]}]}""", "invalid_value", "input[0].content[0]")]
    [InlineData("""{"model":"assistant","input":[{"role":"user","content":[{"type":"input_image","file_id":"x"}]}]}""", "invalid_value", "input[0].content[0].image_url")]
    [InlineData("""{"model":"assistant","input":[{"type":"function_call","name":"f"}]}""", "invalid_value", "input[0]")]
    [InlineData("""{"model":"assistant","input":[{"type":"function_call_output","output":"x"}]}""", "invalid_value", "input[0].call_id")]
    [InlineData("""{"model":"assistant","input":"hi","previous_response_id":"a","conversation":"b"}""", "invalid_value", "previous_response_id")]
    [InlineData("""{"model":"assistant","input":"hi","background":true,"store":false}""", "invalid_value", "store")]
    [InlineData("""{"model":"assistant","input":"hi","tools":[{"type":"web_search"}]}""", "unsupported_value", "tools[0].type")]
    [InlineData("""{"model":"assistant","input":"hi","tools":[{"type":"function","name":"a b"}]}""", "invalid_value", "tools[0].name")]
    [InlineData("""{"model":"assistant","input":"hi","tool_choice":"required"}""", "invalid_value", "tool_choice")]
    [InlineData("""{"model":"assistant","input":"hi","tool_choice":{"type":"function","name":"f"}}""", "invalid_value", "tool_choice")]
    [InlineData("""{"model":"assistant","input":"hi","text":{"format":{"type":"xml"}}}""", "invalid_value", "text.format")]
    [InlineData("""{"model":"assistant","input":"hi","text":{"format":{"type":"json_schema","name":"x","schema":5}}}""", "invalid_value", "text.format.schema")]
    [InlineData("""{"model":"assistant","input":"hi","max_output_tokens":0}""", "invalid_value", "max_output_tokens")]
    [InlineData("""{"model":"assistant","input":"hi","metadata":{"a":1}}""", "invalid_value", "metadata")]
    [InlineData("""{"model":"assistant","input":"hi","truncation":"sometimes"}""", "invalid_value", "truncation")]
    [InlineData("""{"model":"assistant","input":"hi","prompt":{"id":"p"}}""", "unsupported_value", "prompt")]
    [InlineData("""{"model":"assistant","input":"hi","max_tool_calls":3}""", "unsupported_value", "max_tool_calls")]
    [InlineData("""{"model":"assistant","input":"hi","top_logprobs":3}""", "unsupported_value", "top_logprobs")]
    public async Task Post_WrongBody_Answers400AndNamesTheMember(string body, string code, string param)
    {
        using var answer = await api.Client().PostAsync(ResponseCalls.Path, BadInputTests.Json(body));

        await BadInputTests.Expect(answer, HttpStatusCode.BadRequest, code, param);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_AnAgentThatIsNot_Answers404InOpenAIsEnvelope(bool stream)
    {
        using var answer = await api.Client().PostAsync(ResponseCalls.Path, BadInputTests.Json($$"""{"model":"nobody","input":"hi","stream":{{(stream ? "true" : "false")}}}"""));

        await BadInputTests.Expect(answer, HttpStatusCode.NotFound, "model_not_found", "model");
    }

    [Fact]
    public async Task Post_AThreadThatIsNot_NamesTheConversation()
    {
        using var answer = await api.Client().SendAsync("\"hi\"", ""","conversation":"thread_of_nobody" """);

        await BadInputTests.Expect(answer, HttpStatusCode.NotFound, "thread_not_found", "conversation");
    }

    private static List<string?> Texts(JsonElement list) => [.. list.GetProperty("data").EnumerateArray().Select(static item => item.GetProperty("content")[0].Text("text"))];

    [Fact]
    public async Task List_TheNewestFirst_OfWhatTheKeySeesAndInPages()
    {
        using var ann = await api.ClientWithAsync(new CreateKey("lists", [Scopes.Chat]));
        using var bob = await api.ClientWithAsync(new CreateKey("lists too", [Scopes.Chat]));
        var first = await ann.RespondAsync("\"the first of the list\"");
        var second = await ann.RespondAsync("""[{"type":"message","role":"user","content":[{"type":"input_text","text":"the second of the list"}]}]""", $",\"previous_response_id\":\"{first.Text("id")}\"");

        var newest = await ann.GetJsonAsync("/api/v1/responses?limit=1");
        var rest = await ann.GetJsonAsync($"/api/v1/responses?limit=1&cursor={newest.Text("next_cursor")}");
        var all = await api.Client().GetJsonAsync("/api/v1/responses?limit=2");

        var row = Assert.Single(newest.GetProperty("data").EnumerateArray());
        Assert.Equal(
            (second.Text("id"), "completed", "assistant", "the second of the list", first.Text("id"), null),
            (row.Text("id"), row.Text("status"), row.Text("model"), row.Text("input"), row.Text("previous_response_id"), row.Text("run_id")));
        Assert.Equal("the first of the list", Assert.Single(rest.GetProperty("data").EnumerateArray()).Text("input"));
        Assert.Null(rest.Text("next_cursor"));
        Assert.Empty((await bob.GetJsonAsync("/api/v1/responses")).GetProperty("data").EnumerateArray());
        Assert.Equal(second.Text("id"), all.GetProperty("data")[0].Text("id"));
    }

    [Theory]
    [InlineData("status=done", "invalid_value", "status")]
    [InlineData("limit=0", "invalid_value", "limit")]
    [InlineData("cursor=abc", "invalid_cursor", "cursor")]
    public async Task List_WithAWrongQuery_NamesTheField(string query, string code, string field)
    {
        using var answer = await api.Client().GetAsync($"/api/v1/responses?{query}");
        var said = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(code, said, StringComparison.Ordinal);
        Assert.Contains(field, said, StringComparison.Ordinal);
    }
}
