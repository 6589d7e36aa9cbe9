using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Tests.Runtime.Threats.Containment;

/// <summary>Two processes' parts on one database, without the keeper that polls: whatever the second one learns, it learns by being woken.</summary>
public sealed class ContainmentListenerTests(TestPostgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ActingFor Ada = new("default", "key:key_ada", "ada", "req_1");

    [Fact]
    public async Task Place_AtOneProcess_WakesTheOtherAndSoDoesLifting()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        var (here, _) = Desk(database);
        var (there, board) = Desk(database);
        var early = (await here.PlaceAsync(Kill("agent:early"), Ada, default)).Value!;
        using var listener = new ContainmentListener(database.Source, there, TimeProvider.System, NullLogger<ContainmentListener>.Instance);
        await listener.StartAsync(default);

        // What was placed before anybody listened is found when the listening begins.
        await UntilAsync(() => board.Current.Holds(early.Id));
        var placed = (await here.PlaceAsync(Kill("tenant"), Ada, default)).Value!;
        await UntilAsync(() => board.Current.StopsAll("default") is not null);
        await here.LiftAsync(placed.Id, Ada, default);
        await UntilAsync(() => board.Current.StopsAll("default") is null);
        await listener.StopAsync(default);
    }

    private static NewContainment Kill(string scope) => new("default", ContainmentKind.Kill, scope, "a drill", "ada", TimeProvider.System.GetUtcNow());

    private static (ContainmentDesk Desk, ContainmentBoard Board) Desk(MigratedDatabase database)
    {
        var board = new ContainmentBoard(TimeProvider.System);
        var telemetry = new ThreatTelemetry(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        return (new ContainmentDesk(new PostgresContainmentStore(database.Runtime), board, telemetry, TimeProvider.System), board);
    }

    private static async Task UntilAsync(Func<bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!wanted())
        {
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }
}
