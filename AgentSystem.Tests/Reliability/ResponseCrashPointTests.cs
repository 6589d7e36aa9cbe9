using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Threads;
using AgentSystem.Tests.Api.Responses;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Tests.Reliability;

/// <summary>The maker of a background response dies at every single write of its journal; another one goes on, and readers see one stream.</summary>
public sealed class ResponseCrashPointTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly ResponseScope Everybody = new(Tenants.Default, null, null);
    private RecordingFlusher? flusher;

    private RunHouse House { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    private IResponseRuns Runs => House.Services.GetRequiredService<IResponseRuns>();

    private IResponseStore Responses => House.Services.GetRequiredService<IResponseStore>();

    public async ValueTask InitializeAsync()
    {
        House = await RunHouse.CreateAsync(postgres);
        House.Model.Otherwise = ToolScript.InOrder(() => Speaks("looking. ", "look"), () => Speaks("paying. ", "put", "pay"), () => Speaks("firing. ", "fire"), () => Turn.Says("all done"));
        flusher = House.Services.GetServices<IHostedService>().OfType<RecordingFlusher>().Single();
        await flusher.StartAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await flusher!.StopAsync(default);
        await House.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_MakerDiesAtAnyWrite_IsFinishedByAnotherInOneStream(bool afterTheWrite)
    {
        for (var point = 1; ; point++)
        {
            House.Calls.Clear();
            var id = await QueueAsync($"thread_{point}_{afterTheWrite}");
            var died = await DieAndFinishAsync(ItemIds.RunOf(id), point, afterTheWrite);

            var response = (await Responses.FindAsync(Everybody, id, default))!;
            Assert.Equal(ResponseStatus.Completed, response.Status);
            Assert.Equal((1, 1), (House.Count("pay"), House.Count("fire")));
            var events = await EventsAsync(response);
            Assert.Equal(Enumerable.Range(0, events.Count), events.Select(told => told.GetProperty("sequence_number").GetInt32()));
            Assert.Equal("looking. paying. firing. all done", string.Concat(events.Where(told => told.Text("type") == "response.output_text.delta").Select(told => told.Text("delta"))));
            Assert.Equal(["response.created", "response.queued", "response.in_progress"], events.Take(3).Select(told => told.Text("type")));
            Assert.Equal((1, 1), (events.Count(told => told.Text("type") == "response.completed"), events.Count(told => told.Text("type") == "response.in_progress")));
            Assert.Equal(response.Output, events[^1].GetProperty("response").GetProperty("output").GetRawText());
            Assert.Equal(40, events[^1].GetProperty("response").GetProperty("usage").GetProperty("input_tokens").GetInt32());
            Assert.Equal(9, (await House.Threads.FindAsync(new ThreadScope(Tenants.Default, null), $"thread_{point}_{afterTheWrite}", default))!.Messages);
            Assert.Equal(RunStatus.Success, (await House.FindAsync(ItemIds.RunOf(id))).Status);
            Assert.Equal(DBNull.Value, await House.Database.ScalarAsync($"SELECT work FROM agentsystem.responses WHERE id = '{id}'"));
            if (!died)
            {
                // The last point lies behind the last write: every one was tried.
                Assert.True(point > 10, $"only {point - 1} writes");
                return;
            }
        }
    }

    [Fact]
    public async Task Response_ModelSaysSomethingElseAfterTheDeath_EndsTheToldMessageAndGoesOn()
    {
        House.Model.Otherwise = _ => Turn.Says("the second answer");
        // The model breaks off only when all of it has been told.
        using var gate = new SemaphoreSlim(2);
        House.Model.Then(Turn.Says("the first one") with { FailureAfter = new IOException("gone"), Gate = gate });
        var id = await QueueAsync("thread_else");
        var first = House.ExecuteAsync(await House.ClaimAsync());
        while (!(await ToldAsync((await Responses.FindAsync(Everybody, id, default))!)).Contains("\" one\"", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        gate.Release();
        await first;
        await GoOnAsync(ItemIds.RunOf(id), House.Log);

        var response = (await Responses.FindAsync(Everybody, id, default))!;
        Assert.Equal(
            [("incomplete", "the first one"), ("completed", "the second answer")],
            JsonElement.Parse(response.Output).EnumerateArray().Select(item => (item.Text("status"), item.GetProperty("content")[0].Text("text"))));
        var events = await EventsAsync(response);
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(told => told.GetProperty("sequence_number").GetInt32()));
    }

    private static Turn Speaks(string text, params string[] tools)
    {
        var calls = ToolScript.Calls(tools);
        return new Turn([new TextContent(text), .. calls.Pieces], calls.Reason);
    }

    private async Task<string> QueueAsync(string thread)
    {
        var id = ItemIds.Response(TimeProvider.System.GetUtcNow());
        var recording = House.Services.GetRequiredService<Recorder>().NewId();
        var response = new StoredResponse(
            Tenants.Default, id, "key-1", "user:ada", null, recording, true, ResponseStatus.Queued, """{"model":"worker"}""", "[]", "[]", "{}", TimeProvider.System.GetUtcNow(), null);
        var events = new ResponseEvents();
        var order = ResponseOrder.Write("request", [new ChatMessage(ChatRole.User, "do it")], new ChatOptions(), "ada");
        await Runs.QueueAsync(
            response, order, RunHouse.NewRun() with { Id = ItemIds.RunOf(id), ThreadId = thread, BeginsThread = true }, [events.Frame("response.created", response), events.Frame("response.queued", response)], default);
        return id;
    }

    private async Task<bool> DieAndFinishAsync(string run, int point, bool after)
    {
        var first = new CrashingRunLog(House.Log, point, after);
        await GoOnAsync(run, first);
        while (!(await House.FindAsync(run)).HasEnded)
        {
            // A worker's fault hook counts on through waits: an approval is no restart of the process.
            await GoOnAsync(run, first.Died ? House.Log : first);
        }

        return first.Died;
    }

    private async Task GoOnAsync(string run, IRunLog log)
    {
        if ((await House.FindAsync(run)).Status == RunStatus.Waiting)
        {
            await House.DecideBySightAsync(run);
        }

        await House.EndLeasesAsync();
        await using var due = House.Database.Source.CreateCommand("UPDATE agentsystem.runs SET due_at = clock_timestamp() WHERE status = 'pending'");
        await due.ExecuteNonQueryAsync();
        foreach (var held in await House.Queue.ClaimAsync("worker", 1, RunHouse.Lease, 50, default))
        {
            await House.ExecuteAsync(held, log);
        }
    }

    /// <summary>What a reader could have seen by now.</summary>
    private async Task<string> ToldAsync(StoredResponse response)
    {
        var page = await House.Services.GetRequiredService<IRecordingStore>().ReadAsync(response.RecordingKey!, 0, default);
        return string.Concat(page!.Events.Select(static told => Encoding.UTF8.GetString(told.Span)));
    }

    private async Task<List<JsonElement>> EventsAsync(StoredResponse response)
    {
        var page = (await House.Services.GetRequiredService<IRecordingStore>().ReadAsync(response.RecordingKey!, 0, default))!;
        Assert.True(page.IsLast, "There is more than one page; the test reads one.");
        return [.. page.Events.Select(static told => Encoding.UTF8.GetString(told.Span)).Select(static frame => JsonElement.Parse(frame[frame.IndexOf('{', StringComparison.Ordinal)..]))];
    }
}
