using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Conformance;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentSystem.Tests.Runtime.Runs;

public sealed class PostgresFactLogTests(TestPostgres postgres) : FactLogConformance
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FactQueue queue = new();
    private MigratedDatabase? database;

    public override async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await (database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Writer_WhileItRuns_WritesWithoutBeingAsked()
    {
        var log = await CreateAsync();
        using var writer = Writer(database!.Runtime);
        await writer.StartAsync(default);
        for (var index = 0; index < 1_700; index++)
        {
            log.Append(new RequestServed(Tenants.Default, Noon, Facts.Usage($"r{index}", Noon)));
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (queue.Count > 0)
        {
            await Task.Delay(10, patience.Token);
        }

        Assert.Equal(1_700L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.facts"));
        Assert.Equal(true, await database.ScalarAsync("SELECT exists (SELECT FROM pg_inherits WHERE inhparent = 'agentsystem.facts'::regclass AND inhrelid <> 'agentsystem.facts_default'::regclass)"));
        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Writer_BatchWithARowTheDatabaseCannotKeep_DropsOnlyThatRow()
    {
        var log = await CreateAsync();
        using var lost = new CountedMeter(services.GetRequiredService<IMeterFactory>(), FactTelemetry.Name, "facts_dropped");
        foreach (var id in new[] { "r1", "nul \0", "r2", "r3" })
        {
            log.Append(new RequestServed(Tenants.Default, Noon, Facts.Usage(id, Noon)));
        }

        await SettleAsync(written: true);
        Assert.Equal(3L, await database!.ScalarAsync("SELECT count(*) FROM agentsystem.facts"));
        Assert.Equal(0, queue.Count);
        Assert.Equal(1, lost.Total);
        Assert.Equal(["reason=refused"], lost.Tags);
    }

    [Fact]
    public async Task Writer_DatabaseThatDoesNotAnswer_KeepsTheFactsUntilItDoes()
    {
        var log = await CreateAsync();
        await using var away = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");
        log.Append(new RequestServed(Tenants.Default, Noon, Facts.Usage("r1", Noon)));
        using (var broken = Writer(new RuntimeDatabase(away)))
        {
            await broken.StopAsync(default);
        }

        Assert.Equal(1, queue.Count);
        Assert.NotNull(await log.FindRequestAsync(Tenants.Default, "r1", default));
        await SettleAsync(written: true);
        Assert.Equal(0, queue.Count);
        Assert.NotNull(await log.FindRequestAsync(Tenants.Default, "r1", default));
    }

    protected override async Task<IFactLog> CreateAsync()
    {
        database ??= await MigratedDatabase.CreateAsync(postgres);
        return new PostgresFactLog(queue, database.Runtime);
    }

    protected override async Task SettleAsync(bool written)
    {
        if (written)
        {
            // A writer that was never started only drains: what a shutdown does.
            using var writer = Writer(database!.Runtime);
            await writer.StopAsync(default);
        }
    }

    private FactWriter Writer(RuntimeDatabase runtime) => new(
        queue, runtime, new FactPartitions(runtime, TimeProvider.System, NullLogger<FactPartitions>.Instance),
        new FactTelemetry(services.GetRequiredService<IMeterFactory>(), queue), TimeProvider.System, NullLogger<FactWriter>.Instance);
}
