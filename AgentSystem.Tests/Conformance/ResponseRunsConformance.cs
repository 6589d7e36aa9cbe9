using System.Text;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Responses.Postgres;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IResponseRuns"/> keeps to, with the stores of responses, recordings and runs it shares its rows with.</summary>
public abstract class ResponseRunsConformance : IAsyncLifetime
{
    private const string Id = "resp_1";
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);
    private static readonly ResponseScope Everybody = new(Tenants.Default, null, null);
    private static readonly RecordingKey Recording = new(Tenants.Default, "rec_1");
    private static readonly ResponseEnd Whole = new(ResponseStatus.Completed, """[{"type":"message"}]""", """{"usage":null}""", Now.AddSeconds(1));

    private protected ResponseStores Stores { get => field ?? throw new InvalidOperationException("The stores are made before each test."); private set; }

    public async ValueTask InitializeAsync()
    {
        Stores = await CreateAsync();
        await QueueAsync(Id, Recording.Id, null);
    }

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Queue_IsReadAtOnce_AndNeverAbandonedHoweverLongNobodyWorksOnIt()
    {
        await SilenceAsync(Recording.Id);

        Assert.Equal(ResponseStatus.Queued, (await FindAsync()).Status);
        Assert.Equal(["created", "queued"], await EventsAsync());
        Assert.Equal(RecordingState.Open, (await Stores.Recordings.ReadAsync(Recording, 0, default))!.State);
    }

    [Fact]
    public async Task Take_ByTheHolder_GivesWhatIsToBeDoneAndWhatWasTold()
    {
        var taken = await Stores.Runs.TakeAsync(await ClaimAsync(), "a", default);

        Assert.Equal((ResponseStatus.InProgress, "the order", 2, 1), (taken!.Response.Status, taken.Order, taken.Told.Count, taken.Term));
        Assert.Equal(ResponseStatus.InProgress, (await FindAsync()).Status);
    }

    [Fact]
    public async Task Take_ByTheNextHolder_ShutsTheFormerOut_InTheSameProcessToo()
    {
        var first = await ClaimAsync();
        var old = await Stores.Runs.TakeAsync(first, "a", default);
        Assert.NotEmpty(await WriteAsync("a", old!.Term, 2, "said by the first"));
        var second = await ClaimAgainAsync();
        var taken = await Stores.Runs.TakeAsync(second, "a", default);

        Assert.Equal(3, taken!.Told.Count);
        Assert.Empty(await WriteAsync("a", old.Term, 3, "too late"));
        Assert.Null(await Stores.Runs.TakeAsync(first, "a", default));
        Assert.False(await Stores.Runs.FinishAsync(first, Whole, Last(old.Term, 3), default));
        Assert.NotEmpty(await WriteAsync("a", taken.Term, 3, "said by the second"));
        Assert.Equal(["created", "queued", "said by the first", "said by the second"], await EventsAsync());
    }

    [Fact]
    public async Task Finish_ByTheHolder_EndsTheResponseWithItsLastEventsOnce()
    {
        var lease = await ClaimAsync();
        var taken = await Stores.Runs.TakeAsync(lease, "a", default);
        Assert.False(await Stores.Runs.FinishAsync(lease, Whole, Last(taken!.Term, 7), default));
        Assert.Equal(ResponseStatus.InProgress, (await FindAsync()).Status);

        Assert.True(await Stores.Runs.FinishAsync(lease, Whole, Last(taken.Term, 2), default));
        Assert.False(await Stores.Runs.FinishAsync(lease, Whole, Last(taken.Term, 3), default));
        Assert.Equal(Whole.Output, (await FindAsync()).Output);
        Assert.Equal(["created", "queued", "done"], await EventsAsync());
        Assert.Equal(RecordingState.Finished, (await Stores.Recordings.ReadAsync(Recording, 0, default))!.State);
    }

    [Fact]
    public async Task Take_OfOneThatEndedBeforeItsRun_StillGivesItsOrder()
    {
        var lease = await ClaimAsync();
        var taken = await Stores.Runs.TakeAsync(lease, "a", default);
        await Stores.Runs.FinishAsync(lease, Whole, Last(taken!.Term, 2), default);

        var again = await Stores.Runs.TakeAsync(await ClaimAgainAsync(), "b", default);

        Assert.Equal((true, "the order"), (again!.Response.IsEnded, again.Order));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_OfTheResponseOrItsRun_EndsBothAndTheRecording(bool response)
    {
        var lease = await ClaimAsync();
        await Stores.Runs.TakeAsync(lease, "a", default);
        await (response ? (Task)Stores.Responses.CancelAsync(Everybody, Id, default) : Stores.Queue.CancelAsync(RunHouse.Everybody, lease.RunId, default));

        Assert.Equal(ResponseStatus.Cancelled, (await FindAsync()).Status);
        Assert.Equal(RunStatus.Cancelled, (await Stores.Queue.FindAsync(RunHouse.Everybody, lease.RunId, default))!.Status);
        Assert.Equal(RecordingState.Failed, (await Stores.Recordings.ReadAsync(Recording, 0, default))!.State);
        Assert.False(await Stores.Runs.FinishAsync(lease, Whole, Last(1, 2), default));
    }

    [Fact]
    public async Task Run_WhoseAttemptsAreUsedUp_FailsTheResponseAndIsNoDeadLetter()
    {
        await ClaimAsync();
        await EndLeasesAsync();
        Assert.Empty(await Stores.Claims.ClaimAsync("b", 1, RunHouse.Lease, 1, default));

        var failed = await FindAsync();
        Assert.Equal(ResponseStatus.Failed, failed.Status);
        Assert.Contains("attempts_exhausted", failed.Result, StringComparison.Ordinal);
        Assert.Null((await Stores.Queue.FindAsync(RunHouse.Everybody, ItemIds.RunOf(Id), default))!.DeadAt);
    }

    [Fact]
    public async Task Delete_TakesItsRunAndItsEventsWithIt()
    {
        var lease = await ClaimAsync();
        Assert.True(await Stores.Responses.DeleteAsync(Everybody, Id, default));

        Assert.Null(await Stores.Queue.FindAsync(RunHouse.Everybody, lease.RunId, default));
        Assert.Null(await Stores.Recordings.ReadAsync(Recording, 0, default));
        Assert.Null(await Stores.Runs.TakeAsync(lease, "a", default));
    }

    [Fact]
    public async Task Delete_OneThatIsMadeOnAThread_LetsTheNextRunOfTheThreadGo()
    {
        await QueueAsync("resp_2", "rec_2", "thread_1");
        Assert.Equal(2, (await Stores.Claims.ClaimAsync("a", 5, RunHouse.Lease, 5, default)).Count);
        var next = (await Stores.Queue.SubmitAsync(RunHouse.NewRun() with { ThreadId = "thread_1" }, default)).Run!;
        Assert.Empty(await Stores.Claims.ClaimAsync("a", 5, RunHouse.Lease, 5, default));

        Assert.True(await Stores.Responses.DeleteAsync(Everybody, "resp_2", default));

        Assert.Equal(next.Id, Assert.Single(await Stores.Claims.ClaimAsync("a", 5, RunHouse.Lease, 5, default)).Run.Id);
    }

    [Fact]
    public async Task DeleteExpired_OneThatIsStillMade_EndsWhatItsRunBegan()
    {
        await QueueAsync("resp_old", "rec_old", null, DateTimeOffset.UnixEpoch);
        var child = (await Stores.Queue.SubmitAsync(RunHouse.NewRun() with { ParentId = ItemIds.RunOf("resp_old") }, default)).Run!;

        Assert.Equal(1, await Stores.Responses.DeleteExpiredAsync(10, default));

        Assert.Equal(RunStatus.Cancelled, (await Stores.Queue.FindAsync(RunHouse.Everybody, child.Id, default))!.Status);
        Assert.Null(await Stores.Responses.FindAsync(Everybody, "resp_old", default));
        Assert.Equal(ResponseStatus.Queued, (await FindAsync()).Status);
    }

    /// <summary>Stores that know the tenant <c>default</c>.</summary>
    private protected abstract Task<ResponseStores> CreateAsync();

    /// <summary>Makes it as if a recording's owner had said nothing for an hour.</summary>
    protected abstract Task SilenceAsync(string recording);

    /// <summary>Lets every lease of a run end now.</summary>
    protected abstract Task EndLeasesAsync();

    private Task QueueAsync(string id, string recording, string? thread, DateTimeOffset? at = null)
    {
        var response = new StoredResponse(Tenants.Default, id, "key-1", "user:ada", null, recording, true, ResponseStatus.Queued, "{}", "[]", "[]", "{}", at ?? Now, null);
        return Stores.Runs.QueueAsync(response, "the order", RunHouse.NewRun() with { Id = ItemIds.RunOf(id), ThreadId = thread }, [Event("created"), Event("queued")], default);
    }

    private async Task<StoredResponse> FindAsync() => (await Stores.Responses.FindAsync(Everybody, Id, default))!;

    private async Task<RunLease> ClaimAsync() => Assert.Single(await Stores.Claims.ClaimAsync("a", 1, RunHouse.Lease, 5, default)).Lease;

    private async Task<RunLease> ClaimAgainAsync()
    {
        await EndLeasesAsync();
        return await ClaimAsync();
    }

    private Task<IReadOnlySet<RecordingKey>> WriteAsync(string owner, int term, int first, string said) =>
        Stores.Recordings.WriteAsync(owner, [new RecordingBatch(Recording, first, [Event(said)], null) { Term = term }], default);

    private async Task<IEnumerable<string>> EventsAsync() => (await Stores.Recordings.ReadAsync(Recording, 0, default))!.Events.Select(static told => Encoding.UTF8.GetString(told.Span));

    private static RecordingBatch Last(int term, int first) => new(Recording, first, [Event("done")], RecordingState.Finished) { Term = term };

    private static ReadOnlyMemory<byte> Event(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>The stores that share the rows of a background response.</summary>
internal sealed record ResponseStores(IResponseRuns Runs, IResponseStore Responses, IRecordingStore Recordings, IRunStore Queue, IRunQueue Claims);

public sealed class PostgresResponseRunsTests(TestPostgres postgres) : ResponseRunsConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    private protected override async Task<ResponseStores> CreateAsync()
    {
        var runtime = (database = await MigratedDatabase.CreateAsync(postgres)).Runtime;
        var (options, recordings) = (Options.Create(new ResponsesOptions()), Options.Create(new RecordingsOptions()));
        return new ResponseStores(
            new PostgresResponseRuns(runtime, database.Box, options, TimeProvider.System), new PostgresResponseStore(runtime, database.Box, options, recordings, TimeProvider.System), new PostgresRecordingStore(runtime, database.Box, recordings),
            RunStores.Over(runtime), new PostgresRunQueue(runtime));
    }

    protected override Task SilenceAsync(string recording) =>
        database!.ScalarAsync($"UPDATE agentsystem.recordings SET heartbeat_at = now() - interval '1 hour' WHERE id = '{recording}'");

    protected override Task EndLeasesAsync() =>
        database!.ScalarAsync("UPDATE agentsystem.runs SET lease_until = clock_timestamp() - interval '1 second' WHERE status = 'running'");
}
