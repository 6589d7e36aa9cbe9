using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Threads;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Tests.Api.Runs;

/// <summary>Runs are begun, watched, waited for and stopped.</summary>
public sealed class RunsTests(RunsFixture api) : IClassFixture<RunsFixture>
{
    private const string Path = RunClient.Path;

    [Fact]
    public async Task Begin_WithAQuestion_IsTakenAndEndsWithTheAnswer()
    {
        using var client = api.Client();
        using var answer = await client.PostRunAsync("""{"agent":"assistant","input":"say hello"}""");
        var id = answer.Headers.Location!.OriginalString[(Path.Length + 1)..];
        var run = await client.EndedAsync(id);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal((RunStatus.Success, "SAY HELLO", (string?)null), (run.Status, run.Output, run.Error?.Message));
        Assert.Equal([(1, "model", "done")], run.Steps.Select(step => (step.Index, step.Kind, step.Status)));
        Assert.True(run.Usage is { ModelCalls: 1, ToolCalls: 0, OutputTokens: > 0 } && run.CostUsd > 0);
    }

    [Fact]
    public async Task Events_OfAWholeRun_AreNumberedWithoutGapsAndEndWithTheRun()
    {
        using var client = api.Client();
        var run = await client.BeginAsync("""{"agent":"assistant","input":"one two three"}""");
        var events = await client.EventsAsync(run.Id);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => number.ToString()), events.Select(happened => happened.EventId));
        Assert.Equal("run.finished", events[^1].EventType);
        Assert.Equal("ONE TWO THREE", string.Concat(events.Where(e => e.EventType == "message.delta").Select(e => JsonDocument.Parse(e.Data).RootElement.GetProperty("text").GetString())));
        Assert.Contains(events, happened => happened.EventType == "step.finished");
    }

    [Fact]
    public async Task Events_AfterARestart_GoOnAfterTheLastOneTheClientHas()
    {
        using var before = api.Client();
        var run = await before.BeginAsync("""{"agent":"assistant","input":"survive"}""");
        var all = await before.EventsAsync(run.Id);
        await api.RestartAsync();
        using var client = api.Client();
        var rest = await client.EventsAsync(run.Id, all[1].EventId);
        var none = await client.EventsAsync(run.Id, all[^1].EventId);

        Assert.Equal(all.Skip(2).Select(e => (e.EventId, e.EventType, e.Data)), rest.Select(e => (e.EventId, e.EventType, e.Data)));
        Assert.Empty(none);
    }

    [Fact]
    public async Task Events_WhileTheAnswerIsMade_ComeAsTheyHappen()
    {
        using var client = api.Client();
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("slow answer") with { Gate = gate });
        var run = await client.BeginAsync("""{"agent":"assistant","input":"slowly"}""");
        var begun = await client.EventsAsync(run.Id, until: "step.started");
        var during = await client.GetRunAsync(run.Id);
        gate.Release(10);
        var rest = await client.EventsAsync(run.Id, begun[^1].EventId);

        Assert.Equal(RunStatus.Running, during.Status);
        Assert.Equal("run.finished", rest[^1].EventType);
    }

    [Fact]
    public async Task Events_WhenTheHostEndsInTheMiddle_EndThereAndGoOnAtTheNextHost()
    {
        using var before = api.Client();
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("cut off") with { Gate = gate });
        var run = await before.BeginAsync("""{"agent":"assistant","input":"go on"}""");
        var begun = await before.EventsAsync(run.Id, until: "step.started");
        var first = before.EventsAsync(run.Id, begun[^1].EventId);
        api.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        IReadOnlyList<SseItem<string>> seen = [.. begun, .. await first];
        await api.RestartAsync();
        using var client = api.Client();
        var rest = await client.EventsAsync(run.Id, seen[^1].EventId);

        Assert.DoesNotContain(seen, happened => happened.EventType == "run.finished");
        Assert.Equal("run.finished", rest[^1].EventType);
        Assert.Equal(Enumerable.Range(1, seen.Count + rest.Count).Select(number => number.ToString()), seen.Concat(rest).Select(happened => happened.EventId));
        Assert.Equal("GO ON", (await client.GetRunAsync(run.Id)).Output);
    }

    [Theory]
    [InlineData("x", "Last-Event-ID")]
    [InlineData("-1", "Last-Event-ID")]
    public async Task Events_AfterWhatIsNoNumber_AreRefusedByName(string after, string param)
    {
        using var client = api.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}/run_none/events") { Headers = { { "Last-Event-ID", after } } };
        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, param), (answer.StatusCode, await ParamAsync(answer)));
    }

    [Fact]
    public async Task Wait_ForARunThatGoesOn_AnswersWithItAsItIs()
    {
        using var client = api.Client();
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("later") with { Gate = gate });
        var run = await client.BeginAsync("""{"agent":"assistant","input":"wait"}""");
        var early = await client.ReadAsync<RunView>($"{Path}/{run.Id}/wait?seconds=1");
        gate.Release(10);
        var late = await client.EndedAsync(run.Id);

        Assert.Null(early.FinishedAt);
        Assert.Equal((RunStatus.Success, "later"), (late.Status, late.Output));
    }

    [Fact]
    public async Task Cancel_ARunThatGoesOn_EndsItAndItsStream()
    {
        using var client = api.Client();
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("never heard") with { Gate = gate });
        var run = await client.BeginAsync("""{"agent":"assistant","input":"stop me"}""");
        await client.EventsAsync(run.Id, until: "step.started");
        using var cancelled = await client.PostAsync($"{Path}/{run.Id}/cancel", null);
        var events = await client.EventsAsync(run.Id);
        using var again = await client.PostAsync($"{Path}/{run.Id}/cancel", null);

        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal("run.finished", events[^1].EventType);
        Assert.Equal((HttpStatusCode.OK, RunStatus.Cancelled), (again.StatusCode, (await client.GetRunAsync(run.Id)).Status));
    }

    [Fact]
    public async Task Begin_OnAThread_AddsItsTurnThere()
    {
        using var client = api.Client();
        var first = await client.BeginAsync("""{"agent":"assistant","input":"first","thread_id":"new","user":"ada"}""");
        await client.EndedAsync(first.Id);
        var second = await client.BeginAsync($$"""{"agent":"assistant","input":"second","thread_id":"{{first.ThreadId}}","user":"ada"}""");
        await client.EndedAsync(second.Id);

        Assert.Equal(["first", "FIRST", "second", "SECOND"], (await client.MessagesAsync(first.ThreadId!)).Select(message => message.Text));
    }

    [Fact]
    public async Task Begin_OnABusyThreadWithReject_Answers409AndNamesTheOther()
    {
        using var client = api.Client();
        using var gate = new SemaphoreSlim(0);
        var thread = await client.StartAsync("""{"user":"busy"}""");
        api.Model.Then(Turn.Says("busy") with { Gate = gate });
        var body = $$"""{"agent":"assistant","input":"go","thread_id":"{{thread.Id}}","user":"busy","on_conflict":"reject"}""";
        var first = await client.BeginAsync(body);
        using var second = await client.PostRunAsync(body);
        var words = await second.Content.ReadAsStringAsync();
        gate.Release(10);
        await client.EndedAsync(first.Id);

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains(first.Id, words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"input":"hi"}""", "agent")]
    [InlineData("""{"agent":"assistant"}""", "input")]
    [InlineData("""{"agent":"nobody","input":"hi"}""", "agent")]
    [InlineData("""{"agent":"","input":"hi"}""", "agent")]
    [InlineData("""{"agent":"assistant","input":"  "}""", "input")]
    [InlineData("""{"agent":"assistant","input":"hi","on_conflict":"fight"}""", "on_conflict")]
    [InlineData("""{"agent":"assistant","input":"hi","budget_usd":0}""", "budget_usd")]
    [InlineData("""{"agent":"assistant","input":"hi","budget_usd":-1}""", "budget_usd")]
    [InlineData("""{"agent":"assistant","input":"hi","priority":101}""", "priority")]
    [InlineData("""{"agent":"assistant","input":"hi","thread_id":"thread_none"}""", "thread_id")]
    [InlineData("""{"agent":"assistant","input":"hi","user":"key:someone"}""", "user")]
    [InlineData("""{"agent":"assistant","input":"hi","webhook":"ftp://example.com"}""", "webhook")]
    [InlineData("""{"agent":"assistant","input":"hi","webhook":"http://example.com/hook"}""", "webhook")]
    [InlineData("""{"agent":"assistant","input":"hi","webhook":"https://169.254.169.254/latest"}""", "webhook")]
    [InlineData("""{"agent":"assistant","input":"hi","colour":"red"}""", "colour")]
    public async Task Begin_WithSomethingWrong_IsRefusedByName(string body, string param)
    {
        using var client = api.Client();
        using var answer = await client.PostRunAsync(body);

        Assert.InRange((int)answer.StatusCode, 400, 404);
        Assert.Equal(param, await ParamAsync(answer));
    }

    [Fact]
    public async Task AnyPath_OfAnotherUsersRun_DoesNotExistForABoundKey()
    {
        using var admin = api.Client();
        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.RunsRead, Scopes.RunsWrite], User: "me"));
        var theirs = await admin.BeginAsync("""{"agent":"assistant","input":"secret","user":"them"}""");
        var mine = await bound.BeginAsync("""{"agent":"assistant","input":"mine"}""");
        await bound.EndedAsync(mine.Id);
        await admin.EndedAsync(theirs.Id);

        foreach (var path in new[] { "", "/events", "/wait", "/approvals" })
        {
            using var answer = await bound.GetAsync($"{Path}/{theirs.Id}{path}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        foreach (var (path, body) in new[] { ("/cancel", "{}"), ("/approvals", """{"decision":"approve"}"""), ("/fork", "{}") })
        {
            using var answer = await bound.PostAsync($"{Path}/{theirs.Id}{path}", Chat.BadInputTests.Json(body));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal([mine.Id], (await bound.ReadAsync<ListPage<RunSummary>>(Path)).Data.Select(run => run.Id));
        using var named = await bound.PostRunAsync("""{"agent":"assistant","input":"hi","user":"them"}""");
        Assert.Equal(HttpStatusCode.Forbidden, named.StatusCode);
    }

    [Fact]
    public async Task AnyPath_WithoutItsScope_Answers403()
    {
        using var chat = await api.ChatClientAsync();
        using var reader = await api.ClientWithAsync(new CreateKey("reader", [Scopes.RunsRead]));
        using var list = await chat.GetAsync(Path);
        using var begin = await reader.PostRunAsync("""{"agent":"assistant","input":"hi"}""");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (list.StatusCode, begin.StatusCode));
    }

    [Fact]
    public async Task List_NarrowedAndPageByPage_ShowsEachRunOnceNewestFirst()
    {
        using var client = api.Client();
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await client.BeginAsync("""{"agent":"concierge","input":"page","user":"pager"}""")).Id);
            await client.EndedAsync(made[^1]);
        }

        var (seen, cursor) = (new List<string>(), (string?)"");
        while (cursor is not null)
        {
            var page = await client.ReadAsync<ListPage<RunSummary>>($"{Path}?agent=concierge&status=success&user=pager&limit=2{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            seen.AddRange(page.Data.Select(run => run.Id));
            cursor = page.NextCursor;
        }

        made.Reverse();
        Assert.Equal(made, seen);
        Assert.Empty((await client.ReadAsync<ListPage<RunSummary>>($"{Path}?status=timeout")).Data);
        using var wrong = await client.GetAsync($"{Path}?status=busy");
        Assert.Equal((HttpStatusCode.BadRequest, "status"), (wrong.StatusCode, await ParamAsync(wrong)));
    }

    internal static async Task<string?> ParamAsync(HttpResponseMessage answer)
    {
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return problem.RootElement.TryGetProperty("param", out var param) ? param.GetString() : null;
    }
}
