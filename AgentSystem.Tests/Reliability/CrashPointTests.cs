using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Threads;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability;

/// <summary>A worker dies at every single write of a run's journal; another one finishes the run, and the effects of every class are kept.</summary>
public sealed class CrashPointTests(TestPostgres postgres) : IAsyncLifetime
{
    private RunHouse House { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync()
    {
        House = await RunHouse.CreateAsync(postgres);
        House.Model.Otherwise = ToolScript.AllEffects;
    }

    public ValueTask DisposeAsync() => House.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_WorkerDiesAtAnyWrite_IsFinishedByAnotherWithItsEffectsKept(bool afterTheWrite)
    {
        for (var point = 1; ; point++)
        {
            House.Calls.Clear();
            var run = await House.SubmitAsync(RunHouse.NewRun() with { ThreadId = $"thread_{point}_{afterTheWrite}", BeginsThread = true });
            var died = await DieAndFinishAsync(run.Id, point, afterTheWrite);

            var ended = await House.FindAsync(run.Id);
            Assert.Equal((RunStatus.Success, "all done"), (ended.Status, ended.Output));
            Assert.True(House.Count("look") is 1 or 2, $"point {point}: looked {House.Count("look")} times");
            Assert.True(House.Calls.Where(call => call.Tool == "put").Distinct().Count() == 1, $"point {point}: put under several keys");
            Assert.True(House.Count("pay") == 1, $"point {point}: paid {House.Count("pay")} times");
            Assert.True(House.Count("fire") == 1, $"point {point}: fired {House.Count("fire")} times");
            await AssertStreamIsWholeAsync(run.Id);
            // The question, four answers and four results: the turn is in its thread once.
            Assert.Equal(9, (await House.Threads.FindAsync(new ThreadScope(Tenants.Default, null), run.ThreadId!, default))!.Messages);
            if (!died)
            {
                // The last point lies behind the last write: every one was tried.
                Assert.True(point > 10, $"only {point - 1} writes");
                return;
            }
        }
    }

    [Fact]
    public async Task Run_EveryWorkerDiesAtItsFifthWrite_IsFinishedAllTheSame()
    {
        var run = await House.SubmitAsync();
        for (var worker = 0; !(await House.FindAsync(run.Id)).HasEnded; worker++)
        {
            Assert.True(worker < 50, "no progress");
            await GoOnAsync(run.Id, new CrashingRunLog(House.Log, at: 5, after: worker % 2 == 0));
        }

        Assert.Equal(RunStatus.Success, (await House.FindAsync(run.Id)).Status);
        Assert.Equal((1, 1), (House.Count("pay"), House.Count("fire")));
    }

    private async Task<bool> DieAndFinishAsync(string id, int point, bool after)
    {
        var first = new CrashingRunLog(House.Log, point, after);
        await GoOnAsync(id, first);
        while (!(await House.FindAsync(id)).HasEnded)
        {
            // A worker's fault hook counts on through waits: an approval is no restart of the process.
            await GoOnAsync(id, first.Died ? House.Log : first);
        }

        return first.Died;
    }

    private async Task GoOnAsync(string id, IRunLog log)
    {
        if ((await House.FindAsync(id)).Status == RunStatus.Waiting)
        {
            await House.DecideBySightAsync(id);
        }

        await House.EndLeasesAsync();
        foreach (var held in await House.Queue.ClaimAsync("worker", 1, RunHouse.Lease, 50, default))
        {
            await House.ExecuteAsync(held, log);
        }
    }

    /// <summary>Numbers without gaps, one end, and it is the last.</summary>
    private async Task AssertStreamIsWholeAsync(string id)
    {
        var events = await House.EventsAsync(id);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(one => one.Number));
        Assert.Equal(RunEvents.Finished, events[^1].Type);
        Assert.Single(events, one => one.Type == RunEvents.Finished);
    }
}
