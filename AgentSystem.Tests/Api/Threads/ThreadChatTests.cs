using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Threads;
using AgentSystem.Contracts.Usage;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Api.Threads;

/// <summary>Chat calls that are turns of a thread.</summary>
public sealed class ThreadChatTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Chat_OnANewThread_KeepsTheTurnAndPutsItBeforeTheNext()
    {
        using var client = api.Client();
        using var first = await client.ChatAsync("new", "my name is Ada");
        var id = ThreadClient.ThreadOf(first);
        using var second = await client.ChatAsync(id, "what is my name");

        Assert.Equal(["my name is Ada", "MY NAME IS ADA", "what is my name"], Asked());
        var thread = await client.ReadAsync<ThreadView>($"{ThreadClient.Path}/{id}");
        Assert.Equal(("my name is Ada", "assistant", 4), (thread.Title, thread.Agent, thread.Messages));
        var messages = await client.MessagesAsync(id);
        Assert.Equal([1, 2, 3, 4], messages.Select(m => m.Index));
        Assert.Equal([null, "assistant", null, "assistant"], messages.Select(m => m.Agent));
        var request = second.Headers.GetValues("x-request-id").Single();
        Assert.Equal(request, messages[3].RequestId);
        Assert.Equal(id, (await client.ReadAsync<RequestUsage>("/api/v1/usage/requests/" + request)).ThreadId);
    }

    [Fact]
    public async Task Chat_Streamed_SaysTheThreadInTheHeaderAndInTheLastChunk()
    {
        using var client = api.Client();
        using var answer = await client.ChatAsync("new", "stream into a thread", ""","stream":true""");
        var id = ThreadClient.ThreadOf(answer);
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        using var last = JsonDocument.Parse(events[^2]["data: ".Length..]);
        Assert.Equal(id, last.RootElement.GetProperty("agentsystem").GetProperty("thread_id").GetString());
        Assert.Equal("STREAM INTO A THREAD", (await client.MessagesAsync(id))[1].Text);
    }

    [Fact]
    public async Task Chat_WithToolCalls_KeepsThemAndReplaysThemInOrder()
    {
        using var client = api.Client();
        api.Model.Then(Turn.Calls("calculator", "expression", "6*7"), Turn.Says("it is 42"));
        using var first = await client.ChatAsync("new", "six times seven");
        var id = ThreadClient.ThreadOf(first);
        using var second = await client.ChatAsync(id, "sure?");

        var messages = await client.MessagesAsync(id);
        Assert.Equal(["user", "assistant", "tool", "assistant", "user", "assistant"], messages.Select(m => m.Role));
        Assert.Equal(("calculator", """{"expression":"6*7"}"""), (messages[1].Calls.Single().Name, messages[1].Calls.Single().Arguments));
        Assert.Equal((messages[1].Calls.Single().Id, "42"), (messages[2].CallId, messages[2].Text));
        var replayed = api.Model.Asked.Last().Messages.Where(m => m.Role != ChatRole.System).ToArray();
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant, ChatRole.User], replayed.Select(m => m.Role));
        Assert.Equal(messages[2].CallId, replayed[1].Contents.OfType<FunctionCallContent>().Single().CallId);
        Assert.Equal("42", replayed[2].Contents.OfType<FunctionResultContent>().Single().Result);
    }

    [Fact]
    public async Task Chat_WithTheClientsTool_TakesItsResultInTheNextTurn()
    {
        using var client = api.Client();
        const string tools = ""","tools":[{"type":"function","function":{"name":"get_weather"}}]""";
        api.Model.Then(Turn.Calls("get_weather", "city", "Oslo"), Turn.Says("rain"));
        using var first = await client.ChatAsync("new", "weather?", tools);
        var id = ThreadClient.ThreadOf(first);
        var call = (await client.MessagesAsync(id))[1].Calls.Single().Id;
        using var second = await client.PostAsync("/v1/chat/completions", BadInputTests.Json(
            $$"""{"model":"assistant","messages":[{"role":"tool","tool_call_id":"{{call}}","content":"wet"}],"metadata":{"thread_id":"{{id}}"}{{tools}}}"""));

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool], api.Model.Asked.Last().Messages.Where(m => m.Role != ChatRole.System).Select(m => m.Role));
        Assert.Equal(["weather?", "", "wet", "rain"], (await client.MessagesAsync(id)).Select(m => m.Text));
    }

    [Fact]
    public async Task Chat_AnsweredFromTheCache_IsKeptToo()
    {
        using var client = await api.ChatClientAsync();
        using var first = await client.ChatAsync("new", "cached into a thread", ""","user":"cachist" """);
        using var second = await client.ChatAsync("new", "cached into a thread", ""","user":"cachist" """);
        using var other = await client.ChatAsync("new", "cached into a thread", ""","user":"somebody" """);

        Assert.Equal(["miss", "exact", "miss"], new[] { first, second, other }.Select(a => a.Headers.GetValues("x-agentsystem-cache").Single()));
        Assert.Equal(["cached into a thread", "CACHED INTO A THREAD"], (await api.Client().MessagesAsync(ThreadClient.ThreadOf(second))).Select(m => m.Text));
        // The same words after another history are another question.
        using var third = await client.ChatAsync(ThreadClient.ThreadOf(second), "cached into a thread", ""","user":"cachist" """);
        Assert.Equal("miss", third.Headers.GetValues("x-agentsystem-cache").Single());
    }

    [Fact]
    public async Task Chat_TwiceAtOnceOnOneThread_KeepsBothTurnsEachInOnePiece()
    {
        using var client = api.Client();
        var thread = await client.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => client.ChatAsync(thread.Id, $"question {i}")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var messages = await client.MessagesAsync(thread.Id);
        Assert.Equal(Enumerable.Range(1, 12), messages.Select(m => m.Index));
        Assert.All(messages.Chunk(2), turn => Assert.Equal((turn[0].Text.ToUpperInvariant(), turn[0].RequestId), (turn[1].Text, turn[1].RequestId)));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Chat_ThatFails_AddsNothingToItsThread()
    {
        using var client = api.Client();
        var thread = await client.StartAsync();
        api.Model.Then(Turn.Says(""));
        using var failed = await client.ChatAsync(thread.Id, "say nothing into a thread");

        Assert.Equal((HttpStatusCode.BadGateway, thread.Id), (failed.StatusCode, ThreadClient.ThreadOf(failed)));
        Assert.Empty(await client.MessagesAsync(thread.Id));
        using var again = await client.ChatAsync(thread.Id, "now speak");
        Assert.Equal(2, (await client.MessagesAsync(thread.Id)).Count);
    }

    [Fact]
    public async Task Chat_ThatFailsOnANewThread_BeginsNone()
    {
        using var client = await api.ClientWithAsync(new CreateKey("failing", [Scopes.Chat, Scopes.ThreadsRead, Scopes.UsageRead], User: "failing"));
        api.Model.Then(Turn.Says(""));
        using var failed = await client.ChatAsync("new", "say nothing into a new thread");
        api.Model.Then(Turn.Says("half an") with { FailureAfter = new HttpRequestException("gone") });
        using var broken = await client.ChatAsync("new", "break off in a new thread", ""","stream":true""");
        var events = await broken.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.BadGateway, false), (failed.StatusCode, failed.Headers.Contains("x-agentsystem-thread")));
        Assert.Contains("\"error\"", events, StringComparison.Ordinal);
        Assert.Empty((await client.ListAsync("")).Data);
        var request = failed.Headers.GetValues("x-request-id").Single();
        Assert.Null((await client.ReadAsync<RequestUsage>("/api/v1/usage/requests/" + request)).ThreadId);
    }

    [Fact]
    public async Task Chat_OnAThreadOfAKey_GoesOnForThatKeyWhenAnAdministratorNamesNobody()
    {
        using var app = await api.ChatClientAsync();
        using var admin = api.Client();
        api.Model.Then(Turn.Calls("remember", "fact", "the boat is called Seagull"), Turn.Says("noted"));
        using var begun = await app.ChatAsync("new", "remember that the boat is called Seagull");
        var id = ThreadClient.ThreadOf(begun);
        api.Model.Then(Turn.Calls("recall", "subject", "the boat"), Turn.Says("Seagull"));
        using var gone = await admin.ChatAsync(id, "what is the boat called");
        using var named = await admin.ChatAsync(id, "and mine?", ""","user":"somebody" """);
        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.Chat, Scopes.ThreadsWrite], User: "somebody"));
        using var other = await bound.ChatAsync(id, "and mine?");
        using var back = await app.ChatAsync(id, "still me");

        Assert.Equal((HttpStatusCode.OK, id), (gone.StatusCode, ThreadClient.ThreadOf(gone)));
        var messages = await admin.MessagesAsync(id);
        Assert.Contains("the boat is called Seagull", messages.Last(message => message.Role == "tool").Text, StringComparison.Ordinal);
        await BadInputTests.Expect(named, HttpStatusCode.NotFound, "thread_not_found", "metadata.thread_id");
        await BadInputTests.Expect(other, HttpStatusCode.NotFound, "thread_not_found", "metadata.thread_id");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_ClientHangsUpInTheMiddle_KeepsWhatWasSaidAndSaysThatItWasCut(bool isNew)
    {
        using var gate = new SemaphoreSlim(1);
        using var client = api.Client();
        var id = isNew ? "new" : (await client.StartAsync()).Id;
        api.Model.Then(Turn.Says("one two three") with { Gate = gate });
        id = await HangUpAsync(client, id, $"count, {isNew}", "one two");
        var messages = await UntilKeptAsync(client, id);

        Assert.Equal([("user", $"count, {isNew}", false), ("assistant", "one two", true)], messages.Select(static message => (message.Role, message.Text, message.Cut)));
        api.Model.Then(Turn.Says("four"));
        using var next = await client.ChatAsync(id, "go on");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Contains(api.Model.Asked.Last().Messages, static message => message.Text == "one two");
        Assert.False((await client.MessagesAsync(id))[^1].Cut);
    }

    [Fact]
    public async Task Chat_WithALinkMadeHarmless_KeepsWhatWasShown()
    {
        using var client = api.Client();
        using var made = await client.PostAsync("/api/v1/agents", BadInputTests.Json("""{"name":"defuser","model":"small","instructions":"Be brief.","security":{"output":"block"}}"""));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        api.Model.Then(Turn.Says("see https://evil.example/p?d=1 now"));
        using var answer = await client.PostAsync("/v1/chat/completions", BadInputTests.Json("""{"model":"defuser","messages":[{"role":"user","content":"where"}],"metadata":{"thread_id":"new"} }"""));

        Assert.Equal("see https:[/]/evil.example/p?d=1 now", (await client.MessagesAsync(ThreadClient.ThreadOf(answer)))[^1].Text);
    }

    /// <summary>Reads a stream until it has said something, and hangs up. Gives the thread it belongs to.</summary>
    private static async Task<string> HangUpAsync(HttpClient client, string thread, string question, string said)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = BadInputTests.Json($$"""{"model":"assistant","stream":true,"messages":[{"role":"user","content":"{{question}}"}],"metadata":{"thread_id":"{{thread}}"} }"""),
        };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var text = "";
        while (text != said && await lines.ReadLineAsync() is { } line)
        {
            text += line.StartsWith("data: {", StringComparison.Ordinal) && JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var piece) ? piece.GetString() : "";
        }

        return ThreadClient.ThreadOf(answer);
    }

    /// <summary>The messages of a thread, once the server has noticed that nobody listens any more.</summary>
    private static async Task<IReadOnlyList<MessageView>> UntilKeptAsync(HttpClient client, string id)
    {
        IReadOnlyList<MessageView> messages = [];
        await StreamChatTests.UntilAsync(() =>
        {
            using var answer = client.GetAsync($"{ThreadClient.Path}/{id}/messages").GetAwaiter().GetResult();
            messages = answer.IsSuccessStatusCode ? answer.Content.ReadFromJsonAsync<ListPage<MessageView>>(PlatformJson.Options).GetAwaiter().GetResult()!.Data : [];
            return messages.Count > 0;
        });
        return messages;
    }

    [Fact]
    public async Task Chat_WithOnlyTheScopeChat_MeetsItsOwnUsersThreadsAndNoOthers()
    {
        using var client = await api.ChatClientAsync();
        using var first = await client.ChatAsync("new", "whose is it", ""","user":"ann" """);
        var id = ThreadClient.ThreadOf(first);
        using var same = await client.ChatAsync(id, "mine", ""","user":"ann" """);
        using var other = await client.ChatAsync(id, "mine?", ""","user":"bob" """);
        using var none = await client.ChatAsync(id, "mine?");
        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.Chat], User: "ann"));
        using var ann = await bound.ChatAsync(id, "and mine");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (same.StatusCode, ann.StatusCode));
        await BadInputTests.Expect(other, HttpStatusCode.NotFound, "thread_not_found", "metadata.thread_id");
        await BadInputTests.Expect(none, HttpStatusCode.NotFound, "thread_not_found", "metadata.thread_id");
    }

    [Fact]
    public async Task Chat_WithAnotherAgentThanTheThreads_Answers409()
    {
        using var client = api.Client();
        var held = await client.StartAsync("""{"agent":"model:small"}""");
        var free = await client.StartAsync();
        using var wrong = await client.ChatAsync(held.Id, "hi");
        using var fine = await client.ChatAsync(free.Id, "hi");

        await BadInputTests.Expect(wrong, HttpStatusCode.Conflict, "thread_agent_mismatch", "metadata.thread_id");
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task Chat_WithSystemMessages_PutsTheNewestFirstAndKeepsItOnce()
    {
        using var client = api.Client();
        var thread = await client.StartAsync();
        foreach (var text in new[] { "one", "two" })
        {
            using var answer = await client.PostAsync("/v1/chat/completions", BadInputTests.Json(
                $$"""{"model":"model:small","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"{{text}}"}],"metadata":{"thread_id":"{{thread.Id}}"} }"""));
        }

        using var without = await client.PostAsync("/v1/chat/completions", BadInputTests.Json(
            $$"""{"model":"model:small","messages":[{"role":"user","content":"three"}],"metadata":{"thread_id":"{{thread.Id}}"} }"""));

        Assert.Equal(["be brief", "one", "ONE", "two", "TWO", "three"], api.Model.Asked.Last().Messages.Select(m => m.Text));
        Assert.Equal(["system", "user", "assistant", "user", "assistant", "user", "assistant"], (await client.MessagesAsync(thread.Id)).Select(m => m.Role));
    }

    [Theory]
    [InlineData("5", "metadata")]
    [InlineData("{\"a\":1}", "metadata")]
    [InlineData("{\"\":\"x\"}", "metadata")]
    [InlineData("{\"thread_id\":\"\"}", "metadata.thread_id")]
    public async Task Chat_WrongMetadata_Answers400AndNamesIt(string metadata, string member)
    {
        using var answer = await PostMetadataAsync(metadata);

        await BadInputTests.Expect(answer, HttpStatusCode.BadRequest, "invalid_value", member);
    }

    [Fact]
    public async Task Chat_MetadataOverOpenAIsLimits_Answers400()
    {
        using var many = await PostMetadataAsync(JsonSerializer.Serialize(Enumerable.Range(0, 17).ToDictionary(i => $"k{i}", _ => "v")));
        using var key = await PostMetadataAsync(JsonSerializer.Serialize(new Dictionary<string, string> { [new string('k', 65)] = "v" }));
        using var value = await PostMetadataAsync(JsonSerializer.Serialize(new Dictionary<string, string> { ["k"] = new string('v', 513) }));
        using var fine = await PostMetadataAsync(JsonSerializer.Serialize(Enumerable.Range(0, 16).ToDictionary(i => new string('k', 62) + $"{i:00}", _ => new string('v', 512))));

        Assert.All([many, key, value], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    private Task<HttpResponseMessage> PostMetadataAsync(string metadata) =>
        api.Client().PostAsync("/v1/chat/completions", BadInputTests.Json($$"""{"model":"assistant","messages":[{"role":"user","content":"meta"}],"metadata":{{metadata}}}"""));

    private IEnumerable<string> Asked() => api.Model.Asked.Last().Messages.Where(m => m.Role != ChatRole.System).Select(m => m.Text);
}
