using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Runtime.Runs;

public sealed class RunWriterTests(TestPostgres postgres) : IAsyncLifetime
{
    private const int Many = 60;

    private RunHouse House { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync() => House = await RunHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => House.DisposeAsync();

    [Fact]
    public async Task Submit_ManyAtOnce_ShareTransactions()
    {
        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => House.SubmitAsync()));

        // xmin is the transaction that wrote the row.
        Assert.InRange(await NumberAsync("SELECT count(DISTINCT xmin::text) FROM agentsystem.runs"), 1, Many / 2);
        Assert.Equal(Many, await NumberAsync("SELECT count(*) FROM agentsystem.run_events WHERE number = 1 AND type = 'run.status'"));
    }

    [Fact]
    public async Task Submit_OneThatCannotBeKept_FailsAlone()
    {
        var submissions = Enumerable.Range(0, Many).Select(i => House.Store.SubmitAsync(RunHouse.NewRun(tenant: i == Many / 2 ? "nobody" : MigratedDatabase.TenantA), default)).ToArray();
        await Task.WhenAll(submissions).ContinueWith(static _ => { }, TaskScheduler.Default);

        var refused = Assert.Single(submissions, submission => !submission.IsCompletedSuccessfully);
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, Assert.IsType<PostgresException>(refused.Exception!.InnerException).SqlState);
        Assert.Equal(Many - 1, await NumberAsync("SELECT count(*) FROM agentsystem.runs"));
    }

    [Fact]
    public async Task Finish_ByAHolderThatLostItsRun_ChangesNothingWhileItsNeighboursEnd()
    {
        for (var i = 0; i < 8; i++)
        {
            await House.SubmitAsync();
        }

        var held = await House.Queue.ClaimAsync("here", 8, RunHouse.Lease, 3, default);
        var old = held[3].Lease with { Token = held[3].Lease.Token - 1_000 };
        var ended = await Task.WhenAll(held.Select(each => House.Log.FinishAsync(each.Lease == held[3].Lease ? old : each.Lease, new RunEnd(RunStatus.Success, "done", null), default)));

        Assert.Equal([true, true, true, false, true, true, true, true], ended);
        Assert.Equal(RunStatus.Running, (await House.FindAsync(held[3].Run.Id)).Status);
        Assert.All(await House.EventsAsync(held[0].Run.Id), (told, place) => Assert.Equal(place + 1, told.Number));
        Assert.Equal([RunEvents.Status, RunEvents.Status, RunEvents.Status, RunEvents.Finished], (await House.EventsAsync(held[0].Run.Id)).Select(told => told.Type));
    }

    [Fact]
    public async Task Writes_OfOneRun_AreMadeInTheOrderTheyCame()
    {
        await House.SubmitAsync();
        var held = Assert.Single(await House.Queue.ClaimAsync("here", 1, RunHouse.Lease, 3, default));
        var index = await House.Log.BeginAsync(held.Lease, new StepBegin("m0", StepKind.Model, "small"), default);
        await Task.WhenAll([.. Enumerable.Range(0, Many).Select(i => House.Log.DeltaAsync(held.Lease, index!.Value, $"{i}", default))]);

        var texts = (await House.EventsAsync(held.Run.Id)).Where(told => told.Type == RunEvents.Delta).Select(told => told.Data.GetProperty("text").GetString());
        Assert.Equal(Enumerable.Range(0, Many).Select(i => $"{i}"), texts);
    }

    private async Task<long> NumberAsync(string sql)
    {
        await using var command = House.Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
