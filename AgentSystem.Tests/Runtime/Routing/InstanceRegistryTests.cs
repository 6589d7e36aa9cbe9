using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Routing.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Routing;

public sealed class InstanceRegistryTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(15);

    private MigratedDatabase Database { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    private PostgresInstanceRegistry Registry => new(Database.Runtime);

    public async ValueTask InitializeAsync() => Database = await MigratedDatabase.CreateAsync(postgres);

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    [Fact]
    public async Task Beat_OfSeveralProcesses_ListsEachAsItLastSaid()
    {
        await BeatAsync("b", inUse: 1);
        await BeatAsync("a", inUse: 2);
        await BeatAsync("b", inUse: 3, waiting: 4);

        Assert.Equal([("a", 8, 2, 0, false), ("b", 8, 3, 4, false)], (await Registry.ListAsync(Silent, default)).Select(one => (one.Name, one.Slots, one.InUse, one.Waiting, one.IsDraining)));
    }

    [Fact]
    public async Task List_WithoutABeatForTooLong_ShowsItNoMoreAndTakesNoOrderForIt()
    {
        await BeatAsync("gone");
        await BeatAsync("here");
        await Database.ScalarAsync("UPDATE agentsystem.instances SET beat_at = clock_timestamp() - interval '16 seconds' WHERE name = 'gone'");

        Assert.Equal("here", Assert.Single(await Registry.ListAsync(Silent, default)).Name);
        Assert.Null(await Registry.OrderAsync("gone", true, Silent, default));
        await BeatAsync("gone");
        Assert.Equal(2, (await Registry.ListAsync(Silent, default)).Count);
    }

    [Fact]
    public async Task Leave_TakesAlongThoseThatWereKilledLongAgo()
    {
        await BeatAsync("killed");
        await BeatAsync("ends");
        await BeatAsync("stays");
        await Database.ScalarAsync("UPDATE agentsystem.instances SET beat_at = clock_timestamp() - interval '2 hours' WHERE name = 'killed'");

        await Registry.LeaveAsync("ends", default);

        Assert.Equal("stays", await Database.ScalarAsync("SELECT string_agg(name, ',') FROM agentsystem.instances"));
    }

    [Fact]
    public async Task Order_FromAnotherProcess_IsDoneWithTheNextBeatAndTakenBackLikewise()
    {
        using var table = Table("here");
        using var heart = Heart(table);
        await heart.BeatAsync(default);
        Assert.False(table.Local.IsDraining);

        Assert.True((await Registry.OrderAsync("here", true, Silent, default))!.Value.Report.IsDraining);
        await heart.BeatAsync(default);
        Assert.True(table.Local.IsDraining);
        Assert.Null(table.Propose());

        await Registry.OrderAsync("here", false, Silent, default);
        await heart.BeatAsync(default);
        Assert.False(table.Local.IsDraining);
    }

    [Fact]
    public void Obey_OrdersHeardInTheWrongOrder_KeepsTheLater()
    {
        using var instance = new Instance("one", 1, 1);
        instance.Obey(new DrainOrder(true, 2));
        instance.Obey(new DrainOrder(false, 1));
        Assert.True(instance.IsDraining);
        instance.Obey(new DrainOrder(false, 3));
        Assert.False(instance.IsDraining);
    }

    [Fact]
    public async Task Process_ThatIsNew_IsNotDrainedForItsPredecessorOfTheSameName()
    {
        await BeatAsync("pod");
        await Registry.OrderAsync("pod", true, Silent, default);
        using var table = Table("pod");
        using var heart = Heart(table);
        await heart.StartAsync(default);
        // Between leaving and coming again there is no row.
        while ((await Registry.ListAsync(Silent, default)) is not [{ Slots: 5 }])
        {
            await Task.Yield();
        }

        Assert.False(Assert.Single(await Registry.ListAsync(Silent, default)).IsDraining);
        await heart.StopAsync(default);
        Assert.Empty(await Registry.ListAsync(Silent, default));
    }

    private Task<DrainOrder> BeatAsync(string name, int inUse = 0, int waiting = 0) => Registry.BeatAsync(new InstanceReport(name, 8, inUse, waiting, false), default);

    private static InstanceTable Table(string name) => new(Options.Create(new RoutingOptions { Slots = 5 }), [new PowerOfTwoPolicy(new Random(1))], new InstanceName(name));

    private InstanceHeart Heart(InstanceTable table) => new(table, Registry, Options.Create(new RoutingOptions()), TimeProvider.System, NullLogger<InstanceHeart>.Instance);
}
