using System.Text.Json;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Api.Responses;

/// <summary>The cases of the Open Responses suite (basic, streaming, system prompt, tools, streaming tools, image input, multi-turn), in our own words.</summary>
public sealed class OpenResponsesCasesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Weather = ""","tools":[{"type":"function","name":"get_weather","description":"Weather in a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]""";

    /// <summary>What the specification of 2026-04-24 requires in every response object.</summary>
    private static readonly string[] Required =
    [
        "id", "object", "created_at", "completed_at", "status", "incomplete_details", "model", "previous_response_id", "instructions", "output", "error", "tools", "tool_choice",
        "truncation", "parallel_tool_calls", "text", "top_p", "presence_penalty", "frequency_penalty", "top_logprobs", "temperature", "reasoning", "user", "usage", "max_output_tokens",
        "max_tool_calls", "store", "background", "service_tier", "metadata", "safety_identifier", "prompt_cache_key",
    ];

    [Fact]
    public async Task Basic_AText_IsAnsweredInACompletedResponseWithEveryRequiredMember()
    {
        var response = await api.Client().RespondAsync("\"say hello\"");

        Assert.All(Required, name => Assert.True(response.TryGetProperty(name, out _), name));
        Assert.Equal(("response", "completed", "SAY HELLO"), (response.Text("object"), response.Text("status"), response.Said()));
        Assert.StartsWith("resp_", response.Text("id"), StringComparison.Ordinal);
        var item = response.GetProperty("output")[0];
        Assert.Equal(("message", "assistant", "completed"), (item.Text("type"), item.Text("role"), item.Text("status")));
        Assert.Equal(("output_text", 0), (item.GetProperty("content")[0].Text("type"), item.GetProperty("content")[0].GetProperty("annotations").GetArrayLength()));
        var usage = response.GetProperty("usage");
        Assert.Equal(usage.GetProperty("input_tokens").GetInt32() + usage.GetProperty("output_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Streaming_AText_SendsTheEventsInTheirOrderNumberedFromZero()
    {
        using var answer = await api.Client().SendAsync("\"stream this text\"", ""","stream":true""");
        var events = ResponseCalls.Events(await answer.Content.ReadAsStringAsync());

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            events.Select(e => e.Name).Where((name, i) => i == 0 || name != events[i - 1].Name));

        // The output check lets a word go when it is whole, so two pieces of the model can leave as one.
        Assert.InRange(events.Count(e => e.Name == "response.output_text.delta"), 2, 3);
        Assert.All(events, e => Assert.Equal(e.Name, e.Data.Text("type")));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.Data.GetProperty("sequence_number").GetInt32()));
        var text = string.Concat(events.Where(e => e.Name == "response.output_text.delta").Select(e => e.Data.Text("delta")));
        Assert.Equal(("STREAM THIS TEXT", text), (text, events[^4].Data.Text("text")));
        var last = events[^1].Data.GetProperty("response");
        Assert.Equal(("completed", text), (last.Text("status"), last.Said()));
        Assert.Single(events.Where(e => e.Data.TryGetProperty("item_id", out _)).Select(e => e.Data.Text("item_id")).Append(last.GetProperty("output")[0].Text("id")).Distinct());
        Assert.Equal("in_progress", events[0].Data.GetProperty("response").Text("status"));
    }

    [Fact]
    public async Task SystemPrompt_AsInstructionsAndAsAMessage_GoesToTheModelFirst()
    {
        await api.Client().RespondAsync("""[{"role":"developer","content":"speak like a pirate"},{"role":"user","content":"hello sailor"}]""", ""","instructions":"be brief" """);

        var asked = api.Model.Asked.Last().Messages;
        Assert.Equal(["be brief", "speak like a pirate", "hello sailor"], asked.Skip(asked.Count - 3).Select(message => message.Text));
        Assert.Equal([ChatRole.System, ChatRole.System, ChatRole.User], asked.Skip(asked.Count - 3).Select(message => message.Role));
    }

    [Fact]
    public async Task Tools_TheModelCallsOne_IsAnItemAndItsResultIsTakenUp()
    {
        using var client = api.Client();
        api.Model.Then(Turn.Calls("get_weather", "city", "Oslo"), Turn.Says("it rains"));
        var first = await client.RespondAsync("\"weather in Oslo?\"", Weather);
        var call = first.GetProperty("output")[0];
        Assert.Equal(("function_call", "get_weather", """{"city":"Oslo"}""", "completed"), (call.Text("type"), call.Text("name"), call.Text("arguments"), call.Text("status")));
        Assert.Equal("get_weather", first.GetProperty("tools")[0].Text("name"));

        // As clients that keep the history themselves do it.
        var second = await client.RespondAsync($$"""[{"role":"user","content":"weather in Oslo?"},{{call.GetRawText()}},{"type":"function_call_output","call_id":"{{call.Text("call_id")}}","output":"wet"}]""", Weather);

        Assert.Equal("it rains", second.Said());
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool], api.Model.Asked.Last().Messages.Where(m => m.Role != ChatRole.System).Select(m => m.Role));
        Assert.Equal("wet", api.Model.Asked.Last().Messages[^1].Contents.OfType<FunctionResultContent>().Single().Result);
    }

    [Fact]
    public async Task StreamingTools_TheModelCallsOne_SendsItsArgumentsAsEvents()
    {
        api.Model.Then(Turn.Calls("get_weather", "city", "Bergen"));
        using var answer = await api.Client().SendAsync("\"weather in Bergen?\"", Weather + ""","stream":true""");
        var events = ResponseCalls.Events(await answer.Content.ReadAsStringAsync());

        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done",
                "response.output_item.done", "response.completed",
            ],
            events.Select(e => e.Name));
        Assert.Equal("""{"city":"Bergen"}""", events[4].Data.Text("arguments"));
        Assert.Equal(("in_progress", ""), (events[2].Data.GetProperty("item").Text("status"), events[2].Data.GetProperty("item").Text("arguments")));
        Assert.Equal("""{"city":"Bergen"}""", events[5].Data.GetProperty("item").Text("arguments"));
    }

    [Fact]
    public async Task ImageInput_AsADataUri_ReachesTheModel()
    {
        const string pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        api.Model.Then(Turn.Says("a pixel"));
        var response = await api.Client().RespondAsync(
            $$"""[{"type":"message","role":"user","content":[{"type":"input_text","text":"what is this"},{"type":"input_image","image_url":"{{pixel}}","detail":"auto"}]}]""");

        Assert.Equal("a pixel", response.Said());
        Assert.Equal("image/png", api.Model.Asked.Last().Messages[^1].Contents.OfType<DataContent>().Single().MediaType);
    }

    [Fact]
    public async Task MultiTurn_ByPreviousResponseId_SeesInputAndOutputOfAllBeforeButNotTheirInstructions()
    {
        using var client = api.Client();
        var first = await client.RespondAsync("\"my name is Ada\"", ""","instructions":"only for the first" """);
        var second = await client.RespondAsync("\"I live in Oslo\"", $$""","previous_response_id":"{{first.Text("id")}}" """);
        var third = await client.RespondAsync("\"who am I?\"", $$""","previous_response_id":"{{second.Text("id")}}","instructions":"new ones" """);

        var asked = api.Model.Asked.Last().Messages.Select(message => message.Text).ToList();
        Assert.Equal(["new ones", "my name is Ada", "MY NAME IS ADA", "I live in Oslo", "I LIVE IN OSLO", "who am I?"], asked[^6..]);
        Assert.DoesNotContain("only for the first", asked);
        Assert.Equal(second.Text("id"), third.Text("previous_response_id"));
    }

    [Fact]
    public async Task MultiTurn_AToolsResultSentToThePreviousResponse_FollowsItsCall()
    {
        using var client = api.Client();
        api.Model.Then(Turn.Calls("get_weather", "city", "Molde"), Turn.Says("roses"));
        var first = await client.RespondAsync("\"weather in Molde?\"", Weather);
        var second = await client.RespondAsync(
            $$"""[{"type":"function_call_output","call_id":"{{first.GetProperty("output")[0].Text("call_id")}}","output":"sunny"}]""", $$"""{{Weather}},"previous_response_id":"{{first.Text("id")}}" """);

        Assert.Equal("roses", second.Said());
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool], api.Model.Asked.Last().Messages.Where(m => m.Role != ChatRole.System).Select(m => m.Role));
    }
}
