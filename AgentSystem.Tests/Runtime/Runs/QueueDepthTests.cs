using System.Text.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Runs;

/// <summary>What a claim reads, counted in pages by the database itself, does not depend on how many runs wait behind others.</summary>
public sealed class QueueDepthTests(TestPostgres postgres) : IAsyncLifetime
{
    private const int Deep = 20_000;
    private const int Shallow = 20;

    // Trees of indexes grow by a level or two, and a claim descends into a dozen of them.
    private const long Allowance = 100;

    private RunHouse House { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync() => House = await RunHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => House.DisposeAsync();

    [Fact]
    public async Task Claim_BehindABusyThread_ReadsAsLittleWith20000RunsQueuedOnItAsWith20()
    {
        await House.SubmitAsync(RunHouse.NewRun() with { ThreadId = "busy" });
        var busy = await House.ClaimAsync();
        await FillAsync(Shallow, "'busy'");
        var shallow = await PagesAsync();
        await FillAsync(Deep, "'busy'");

        var deep = await PagesAsync();

        Assert.InRange(deep, 1, shallow + Allowance);
        await AssertNextAsync(busy);
    }

    [Fact]
    public async Task Claim_OfATenantsRuns_ReadsAsLittleWith20000ReadyAsWith20()
    {
        await FillAsync(Shallow, "NULL");
        var shallow = await PagesAsync();
        await FillAsync(Deep, "NULL");

        Assert.InRange(await PagesAsync(), 1, shallow + Allowance);
        Assert.Equal(3, (await House.Queue.ClaimAsync("a", 3, RunHouse.Lease, 5, default)).Count);
    }

    [Fact]
    public async Task Claim_AmongRunsThatWaitForTheirTime_ReadsAsLittleWith20000AsWith20_AndTakesThemWhenItHasCome()
    {
        await FillAsync(Shallow, "NULL", "interval '1 hour'");
        var ready = await House.SubmitAsync();
        var shallow = await PagesAsync();
        await FillAsync(Deep, "NULL", "interval '1 hour'");

        Assert.InRange(await PagesAsync(), 1, shallow + Allowance);
        Assert.Equal(ready.Id, (await House.ClaimAsync()).Run.Id);
        Assert.Empty(await House.Queue.ClaimAsync("a", 1, RunHouse.Lease, 5, default));
        await SqlAsync("UPDATE agentsystem.runs SET due_at = clock_timestamp() WHERE id = 'deep-1'");
        Assert.Equal("deep-1", (await House.ClaimAsync()).Run.Id);
    }

    [Fact]
    public async Task Claim_ARunThatWasPutOff_IsTakenOnceItsTimeHasCome()
    {
        await House.SubmitAsync();
        var held = await House.ClaimAsync();
        await House.Log.ReleaseAsync(held.Lease, TimeSpan.FromHours(1), counts: true, default);
        Assert.Empty(await House.Queue.ClaimAsync("a", 1, RunHouse.Lease, 5, default));

        // An hour passes: the row says a time that has come, and the mark of its delay stands.
        await SqlAsync("ALTER TABLE agentsystem.runs DISABLE TRIGGER queue_run");
        await SqlAsync("UPDATE agentsystem.runs SET due_at = clock_timestamp() - interval '1 second'");

        Assert.Equal(held.Run.Id, (await House.ClaimAsync()).Run.Id);
    }

    [Fact]
    public async Task Claim_OfThreadsWhoseRunsAreBegunAndEndedAtTheSameTime_LeavesNoneBehind()
    {
        var submitted = Enumerable.Range(0, 4).Select(submitter => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                await House.SubmitAsync(RunHouse.NewRun() with { ThreadId = "thread-" + ((submitter + i) % 3) });
            }
        })).ToArray();
        var all = Task.WhenAll(submitted);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(worker => Task.Run(async () =>
        {
            var chance = new Random(worker);
            while (!all.IsCompleted)
            {
                foreach (var held in await House.Queue.ClaimAsync("a", 2, RunHouse.Lease, 5, default))
                {
                    await EndAsync(held, chance.Next(3));
                }
            }
        })));
        await all;
        while (await House.Queue.ClaimAsync("a", 3, RunHouse.Lease, 5, default) is { Count: > 0 } claimed)
        {
            Assert.Equal(claimed.Count, claimed.Select(held => held.Run.ThreadId).Distinct().Count());
            foreach (var held in claimed)
            {
                await EndAsync(held, 0);
            }
        }

        Assert.Equal(100L, await House.Database.ScalarAsync("SELECT count(*) FROM agentsystem.runs WHERE finished_at IS NOT NULL AND NOT parked"));
    }

    private async Task EndAsync(HeldRun held, int how)
    {
        switch (how)
        {
            case 0:
                await House.Log.FinishAsync(held.Lease, new RunEnd(RunStatus.Success, "", null), default);
                break;
            case 1:
                await House.Store.CancelAsync(RunHouse.Everybody, held.Run.Id, default);
                break;
            default:
                await House.Log.ReleaseAsync(held.Lease, TimeSpan.Zero, counts: false, default);
                break;
        }
    }

    /// <summary>The thread goes on in its order when the run that holds it ends.</summary>
    private async Task AssertNextAsync(HeldRun busy)
    {
        Assert.Empty(await House.Queue.ClaimAsync("a", 5, RunHouse.Lease, 5, default));
        await House.Log.FinishAsync(busy.Lease, new RunEnd(RunStatus.Success, "", null), default);
        var next = Assert.Single(await House.Queue.ClaimAsync("a", 5, RunHouse.Lease, 5, default));
        Assert.Equal("deep-1", next.Run.Id);
        await House.Store.CancelAsync(RunHouse.Everybody, next.Run.Id, default);
        Assert.Equal("deep-2", (await House.ClaimAsync()).Run.Id);
    }

    /// <summary>Runs <c>deep-1</c> and so on, in the order of their numbers; those there are already stay.</summary>
    private Task FillAsync(int runs, string thread, string delay = "interval '0'") => SqlAsync(
        $$"""
        INSERT INTO agentsystem.runs (tenant_id, id, user_name, caller, agent, thread_id, input, status, due_at, created_at)
        SELECT 'default', 'deep-' || n, 'user:ada', '{{StoredJson.Write(RunHouse.Caller())}}', '{{RunHouse.Agent}}', {{thread}}, 'do it', 'pending',
            clock_timestamp() + {{delay}}, clock_timestamp() + n * interval '1 microsecond'
        FROM generate_series(1, {{runs}}) AS n WHERE NOT EXISTS (SELECT FROM agentsystem.runs WHERE id = 'deep-' || n);
        """);

    /// <summary>Pages one claim reads, once its plans are made; it is taken back, so that nothing was claimed.</summary>
    private async Task<long> PagesAsync()
    {
        await SqlAsync("VACUUM ANALYZE agentsystem.runs");
        await using var connection = await House.Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await transaction.SaveAsync("before");
        await using var claim = connection.CreateCommand();
        claim.CommandText = "SELECT id FROM agentsystem.claim_runs('a', 1, interval '1 minute', 5)";
        await claim.ExecuteScalarAsync();
        await transaction.RollbackAsync("before");
        await using var explain = connection.CreateCommand();
        explain.CommandText = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + claim.CommandText;
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!);
        await transaction.RollbackAsync();
        var top = plan.RootElement[0].GetProperty("Plan");
        return top.GetProperty("Shared Hit Blocks").GetInt64() + top.GetProperty("Shared Read Blocks").GetInt64();
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = House.Database.Source.CreateCommand(sql);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync();
    }
}
