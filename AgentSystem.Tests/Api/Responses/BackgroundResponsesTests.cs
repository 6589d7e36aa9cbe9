using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Http.Idempotency;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;

namespace AgentSystem.Tests.Api.Responses;

/// <summary>Responses that go on without their client, and streams that outlive their connection and their process.</summary>
public sealed class BackgroundResponsesTests(IdempotentApi api) : IClassFixture<IdempotentApi>, IAsyncLifetime
{
    private WebApplication? neighbour;

    public async ValueTask InitializeAsync() => neighbour = await api.NeighbourAsync();

    public async ValueTask DisposeAsync() => await neighbour!.DisposeAsync();

    [Fact]
    public async Task Post_InTheBackground_AnswersAtOnceAndIsReadLaterAnywhere()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("done later") with { Gate = gate });
        using var here = api.Client();
        var queued = await here.RespondAsync("\"take your time\"", ""","background":true""");
        Assert.Equal(("queued", $"run_{queued.Text("id")}"), (queued.Text("status"), queued.GetProperty("agentsystem").Text("run_id")));
        gate.Release(2);

        var ended = await There().EndedAsync(queued.Text("id")!);
        Assert.Equal(("completed", "done later", true), (ended.Text("status"), ended.Said(), ended.GetProperty("background").GetBoolean()));
    }

    [Fact]
    public async Task Stream_InTheBackground_GoesOnWhenTheClientLeavesAndIsTakenUpByNumberElsewhere()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("one two three four") with { Gate = gate });
        using var here = api.Client();
        var seen = new List<(string Name, JsonElement Data)>();
        using (var answer = await here.SendAsync("\"count for me\"", ""","background":true,"stream":true"""))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (seen.LastOrDefault().Name != "response.output_text.delta")
            {
                var name = await reader.ReadLineAsync();
                seen.Add((name!["event: ".Length..], JsonElement.Parse((await reader.ReadLineAsync())!["data: ".Length..])));
                await reader.ReadLineAsync();
            }
        }

        var id = seen[0].Data.GetProperty("response").Text("id");
        var after = seen[^1].Data.GetProperty("sequence_number").GetInt32();
        var rest = There().GetStringAsync($"{ResponseCalls.Path}/{id}?stream=true&starting_after={after}");
        gate.Release(4);

        List<(string Name, JsonElement Data)> all = [.. seen, .. ResponseCalls.Events(await rest)];
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(e => e.Data.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("one two three four", string.Concat(all.Where(e => e.Name == "response.output_text.delta").Select(e => e.Data.Text("delta"))));
        Assert.Equal(["response.created", "response.queued", "response.in_progress"], all.Take(3).Select(e => e.Name));
        Assert.Equal("response.completed", all[^1].Name);
        Assert.Equal(1, api.Asked("count for me"));
    }

    [Fact]
    public async Task Get_AStreamLongAfterItsEnd_GivesTheSameEventsAgain()
    {
        using var client = api.Client();
        using var answer = await client.SendAsync("\"events to keep\"", ""","stream":true""");
        var first = await answer.Content.ReadAsStringAsync();
        var id = ResponseCalls.Events(first)[0].Data.GetProperty("response").Text("id");

        Assert.Equal(first, await client.GetStringAsync($"{ResponseCalls.Path}/{id}?stream=true"));
    }

    [Fact]
    public async Task Get_AStreamThatWasNone_Answers400()
    {
        using var client = api.Client();
        var whole = await client.RespondAsync("\"no events\"");
        using var answer = await client.GetAsync($"{ResponseCalls.Path}/{whole.Text("id")}?stream=true");
        using var wrong = await client.GetAsync($"{ResponseCalls.Path}/{whole.Text("id")}?stream=true&starting_after=x");

        await BadInputTests.Expect(answer, HttpStatusCode.BadRequest, "response_not_streamed", "stream");
        await BadInputTests.Expect(wrong, HttpStatusCode.BadRequest, "invalid_value", "starting_after");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_ARunningOne_StopsTheModelAndEndsItsReaders(bool fromTheOther)
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("never at an end") with { Gate = gate });
        using var here = api.Client();
        using var there = There();
        var queued = await here.RespondAsync("\"cancel me\"", ""","background":true""");
        var path = $"{ResponseCalls.Path}/{queued.Text("id")}";
        await StreamChatTests.UntilAsync(() => api.Model.UnderWay == 1);
        var reader = there.GetStringAsync(path + "?stream=true");
        using var cancelled = await (fromTheOther ? there : here).PostAsync(path + "/cancel", null);
        if (fromTheOther)
        {
            // The producer learns it from its next batch: the model says one word more.
            gate.Release();
        }

        await StreamChatTests.UntilAsync(() => api.Model.UnderWay == 0);
        Assert.Equal("cancelled", JsonElement.Parse(await cancelled.Content.ReadAsStringAsync()).Text("status"));
        Assert.Equal("cancelled", (await here.GetJsonAsync(path)).Text("status"));
        var last = ResponseCalls.Events(await reader)[^1];
        Assert.Equal(("response.incomplete", "cancelled"), (last.Name, last.Data.GetProperty("response").Text("status")));
        using var again = await here.PostAsync(path + "/cancel", null);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Cancel_OneThatIsNotInTheBackground_Answers400()
    {
        using var client = api.Client();
        var whole = await client.RespondAsync("\"cannot be cancelled\"");
        using var answer = await client.PostAsync($"{ResponseCalls.Path}/{whole.Text("id")}/cancel", null);

        await BadInputTests.Expect(answer, HttpStatusCode.BadRequest, "response_not_in_background", "response_id");
    }

    [Fact]
    public async Task Get_AStreamWhoseProcessDied_HasFailedAndTheProducerCannotChangeItAnyMore()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("too late now") with { Gate = gate });
        using var here = api.Client();
        using var there = There();
        using var answer = await here.SendAsync("\"die on me\"", ""","stream":true""");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        var id = JsonElement.Parse((await reader.ReadLineAsync())!["data: ".Length..]).GetProperty("response").Text("id");
        var path = $"{ResponseCalls.Path}/{id}";
        await api.SilenceAsync();

        var lost = await there.GetJsonAsync(path);
        Assert.Equal(("failed", "server_restarted"), (lost.Text("status"), lost.GetProperty("error").Text("code")));
        var last = ResponseCalls.Events(await there.GetStringAsync(path + "?stream=true"))[^1];
        Assert.Equal(("response.failed", "server_restarted"), (last.Name, last.Data.GetProperty("response").GetProperty("error").Text("code")));
        gate.Release(10);
        await StreamChatTests.UntilAsync(() => api.Model.UnderWay == 0);
        Assert.Equal("failed", (await here.GetJsonAsync(path)).Text("status"));
        using var next = await here.SendAsync("\"go on\"", $$""","previous_response_id":"{{id}}" """);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Stop_OfTheProcess_HandsWhatItMakesToAnother()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("made by two") with { Gate = gate }, Turn.Says("made by two") with { Gate = gate });
        var other = await api.NeighbourAsync();
        using var there = At(other);
        var queued = await there.RespondAsync("\"stop in the middle\"", ""","background":true""");
        await StreamChatTests.UntilAsync(() => api.Asked("stop in the middle") == 1);
        await other.StopAsync();
        await other.DisposeAsync();
        gate.Release(10);

        var ended = await api.Client().EndedAsync(queued.Text("id")!);
        api.Model.Forget();
        Assert.Equal(("completed", "made by two"), (ended.Text("status"), ended.Said()));
        Assert.Single(ended.GetProperty("output").EnumerateArray());
    }

    [Fact]
    public async Task Post_ClientsFunctionInTheBackground_EndsWithTheCallAndIsGoneOnWith()
    {
        api.Model.Then(Turn.Calls("weather", "city", "Bern"), Turn.Says("it is sunny"));
        using var client = api.Client();
        const string tools = ""","tools":[{"type":"function","name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}]""";
        var queued = await client.RespondAsync("\"how is it\"", ""","background":true""" + tools);
        var ended = await client.EndedAsync(queued.Text("id")!);
        var call = Assert.Single(ended.GetProperty("output").EnumerateArray());
        Assert.Equal(("completed", "function_call", "weather", """{"city":"Bern"}"""), (ended.Text("status"), call.Text("type"), call.Text("name"), call.Text("arguments")));

        var next = await client.RespondAsync($$"""[{"type":"function_call_output","call_id":"{{call.Text("call_id")}}","output":"sun"}]""", $$""","background":true,"previous_response_id":"{{queued.Text("id")}}" """ + tools);
        Assert.Equal("it is sunny", (await client.EndedAsync(next.Text("id")!)).Said());
    }

    [Fact]
    public async Task Delete_OneThatIsMade_StopsItAndLeavesNoRun()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("gone before the end") with { Gate = gate });
        using var here = api.Client();
        var queued = await here.RespondAsync("\"delete me\"", ""","background":true""");
        await StreamChatTests.UntilAsync(() => api.Asked("delete me") == 1);
        using var deleted = await There().DeleteAsync($"{ResponseCalls.Path}/{queued.Text("id")}");
        await StreamChatTests.UntilAsync(() => api.Model.UnderWay == 0);
        using var run = await here.GetAsync($"/api/v1/runs/run_{queued.Text("id")}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (deleted.StatusCode, run.StatusCode));
    }

    [Fact]
    public async Task Post_AFailureOfTheModelThatStays_IsTheResponsesError()
    {
        api.Model.Then([.. Enumerable.Repeat(Turn.Fails(new HttpRequestException("no such model", null, HttpStatusCode.NotFound)), 5)]);
        using var client = api.Client();
        var queued = await client.RespondAsync("\"fail in the background\"", ""","background":true""");
        var ended = await client.EndedAsync(queued.Text("id")!);
        api.Model.Forget();

        Assert.Equal(("failed", "model_missing"), (ended.Text("status"), ended.GetProperty("error").Text("code")));
        var last = ResponseCalls.Events(await client.GetStringAsync($"{ResponseCalls.Path}/{queued.Text("id")}?stream=true"))[^1];
        Assert.Equal("response.failed", last.Name);
    }

    [Fact]
    public async Task Post_AFailureOfTheModelThatPasses_IsTriedAgainAndWhatWasSaidIsSetAside()
    {
        api.Model.Then(Turn.Says("half of") with { FailureAfter = new HttpRequestException("gone") }, Turn.Says("the whole of it"));
        using var client = api.Client();
        var queued = await client.RespondAsync("\"fail at first\"", ""","background":true""");
        var ended = await client.EndedAsync(queued.Text("id")!);

        Assert.Equal(
            [("incomplete", "half of"), ("completed", "the whole of it")],
            ended.GetProperty("output").EnumerateArray().Select(item => (item.Text("status"), item.GetProperty("content")[0].Text("text"))));
        await client.RespondAsync("\"and then\"", $$""","previous_response_id":"{{queued.Text("id")}}" """);
        var asked = api.Model.Asked.Last().Messages.Select(message => message.Text).ToList();
        Assert.Contains("the whole of it", asked);
        Assert.DoesNotContain("half of", asked);
    }

    [Fact]
    public async Task Stream_ThatBreaksOff_EndsWithResponseFailed()
    {
        api.Model.Then(Turn.Says("half an") with { FailureAfter = new HttpRequestException("gone") });
        using var answer = await api.Client().SendAsync("\"break this\"", ""","stream":true""");
        var last = ResponseCalls.Events(await answer.Content.ReadAsStringAsync())[^1];

        Assert.Equal(("response.failed", "failed", "model_unreachable"), (last.Name, last.Data.GetProperty("response").Text("status"), last.Data.GetProperty("response").GetProperty("error").Text("code")));
        Assert.Equal("half an", last.Data.GetProperty("response").Said());
    }

    [Fact]
    public async Task Stream_WhoseClientLeaves_IsCancelledAndSaysSo()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("heard by nobody") with { Gate = gate });
        using var client = api.Client();
        string id;
        using (var answer = await client.SendAsync("\"leave this\"", ""","stream":true"""))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            await reader.ReadLineAsync();
            id = JsonElement.Parse((await reader.ReadLineAsync())!["data: ".Length..]).GetProperty("response").Text("id")!;
        }

        Assert.Equal("cancelled", (await client.EndedAsync(id)).Text("status"));
    }

    [Fact]
    public async Task Stream_UnderAnIdempotencyKey_GoesOnAndIsGivenAgain()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("twice the same") with { Gate = gate });
        using var client = api.Client();
        var body = ResponseCalls.Body("\"idempotent response\"", ""","stream":true""");
        using var leave = new CancellationTokenSource();
        using (var first = await IdempotentApi.PostAsync(client, ResponseCalls.Path, "resp-1", body, leave.Token))
        {
            await leave.CancelAsync();
        }

        gate.Release(3);
        using var second = await IdempotentApi.PostAsync(client, ResponseCalls.Path, "resp-1", body);
        var events = ResponseCalls.Events(await second.Content.ReadAsStringAsync());

        Assert.True(IdempotentApi.IsReplayed(second));
        Assert.Equal(("response.completed", "twice the same"), (events[^1].Name, events[^1].Data.GetProperty("response").Said()));
        Assert.Equal(1, api.Asked("idempotent response"));
    }

    private HttpClient There() => At(neighbour!);

    private static HttpClient At(WebApplication host) => new() { BaseAddress = new Uri(host.Urls.First()), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.Admin) } };
}
