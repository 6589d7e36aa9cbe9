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

    [Fact]
    public async Task Writes_OfManyRunsAtOnce_ShareTransactionsAndEachHasItsOwnResult()
    {
        var held = await HoldAsync(Many);
        var first = await Task.WhenAll(held.Select(each => House.Log.BeginAsync(each.Lease, Model(0), default)));
        // Steps that begin, end, go on, and are told of, side by side with one whose run is somebody else's.
        var second = await Task.WhenAll(held.Select(async (each, i) => (i % 4) switch
        {
            0 => await House.Log.AdvanceAsync(each.Lease, new StepEnd(1, $"result {i}", $"words {i}", $"model {i}", i, 2 * i, i / 100m), Model(1), default),
            1 => await House.Log.EndAsync(each.Lease, new StepEnd(1, $"result {i}"), default) ? 1 : null,
            2 => await House.Log.DeltaAsync(each.Lease, 1, $"words {i}", default) ? 1 : null,
            _ => await House.Log.AdvanceAsync(each.Lease with { Token = each.Lease.Token - 1_000 }, new StepEnd(1, "stolen"), Model(1), default),
        }));

        Assert.All(first, index => Assert.Equal(1, index));
        Assert.Equal(Enumerable.Range(0, Many).Select(i => (i % 4) switch { 0 => 2, 3 => null, _ => (int?)1 }), second);
        Assert.InRange(await NumberAsync("SELECT count(DISTINCT xmin::text) FROM agentsystem.run_steps WHERE status = 'done'"), 1, Many / 4);
        for (var i = 0; i < Many; i++)
        {
            var steps = await House.Log.ReadAsync(held[i].Lease, default);
            Assert.Equal(i % 4 is 0 or 1 ? $"result {i}" : null, steps[0].Result);
            Assert.Equal(i % 4 == 0 ? ($"model {i}", i, 2L * i, i / 100m, 2) : ("small", 0L, 0L, 0m, 1), (steps[0].Name, steps[0].InputTokens, steps[0].OutputTokens, steps[0].CostUsd, steps.Count));
            var told = (await House.EventsAsync(held[i].Run.Id)).Skip(2).ToList();
            Assert.Equal(Enumerable.Range(3, told.Count).Select(number => (long)number), told.Select(one => one.Number));
            Assert.Equal(
                (i % 4) switch { 0 => [RunEvents.StepStarted, RunEvents.Delta, RunEvents.StepFinished, RunEvents.StepStarted], 1 => [RunEvents.StepStarted, RunEvents.StepFinished], 2 => [RunEvents.StepStarted, RunEvents.Delta], _ => (string[])[RunEvents.StepStarted] },
                told.Select(one => one.Type));
        }
    }

    [Fact]
    public async Task Writes_OfSeveralKindsForOneRun_KeepTheirOrderAmongOthers()
    {
        var held = await HoldAsync(8);
        await Task.WhenAll(held.Select(each => House.Log.BeginAsync(each.Lease, Model(0), default)));
        // Not one is waited for before the next is sent.
        var all = held.Select(each => (
            Ended: House.Log.EndAsync(each.Lease, new StepEnd(1, "answer"), default),
            Finished: House.Log.FinishAsync(each.Lease, new RunEnd(RunStatus.Success, "done", null), default),
            Late: House.Log.BeginAsync(each.Lease, Model(1), default))).ToList();

        foreach (var (ended, finished, late) in all)
        {
            Assert.Equal((true, true, null), (await ended, await finished, await late));
        }

        foreach (var each in held)
        {
            Assert.Equal(StepStatus.Done, Assert.Single(await House.Log.ReadAsync(each.Lease, default)).Status);
        }
    }

    private static StepBegin Model(int number) => new($"m{number}", StepKind.Model, "small");

    private async Task<IReadOnlyList<HeldRun>> HoldAsync(int runs)
    {
        await Task.WhenAll(Enumerable.Range(0, runs).Select(_ => House.SubmitAsync()));
        return await House.Queue.ClaimAsync("here", runs, RunHouse.Lease, 3, default);
    }

    private async Task<long> NumberAsync(string sql)
    {
        await using var command = House.Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
