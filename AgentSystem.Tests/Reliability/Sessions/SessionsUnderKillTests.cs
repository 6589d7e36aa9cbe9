using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>Postgres is killed with -9 while clients work, started again, killed again. What they were told must be explained by one order of what happened.</summary>
public sealed class SessionsUnderKillTests
{
    private const int Kills = 3;
    private const int BetweenKills = 60;

    [Fact]
    public async Task Postgres_KilledInALoop_LosesNothingItAcknowledgedAndTellsNoLies()
    {
        await using var cluster = await PostgresCluster.StartAsync(standbys: 0);
        await using var sessions = await ClusterSessions.MigrateAsync(cluster.Primary);
        var clients = new SessionClients(seed: 1);
        using var stop = new CancellationTokenSource();
        var working = Enumerable.Range(0, 4).Select(i => Task.Run(() => clients.AppendAsync(() => sessions.Store, i, stop.Token)))
            .Concat(Enumerable.Range(4, 4).Select(i => Task.Run(() => clients.UseRegistersAsync(() => sessions.Store, i, 30, stop.Token)))).ToList();
        for (var kill = 0; kill < Kills; kill++)
        {
            await clients.AcknowledgedAsync(BetweenKills);
            await cluster.Primary.KillAsync();
            await cluster.Primary.StartAsync();
        }

        await clients.AcknowledgedAsync(BetweenKills);
        await stop.CancelAsync();
        await Task.WhenAll(working);
        await clients.ReadListsAsync(sessions.Store);

        Assert.Empty(ListAppend.Check(clients.Appends, clients.Reads));
        Assert.All(clients.Registers.Values, register => Assert.True(Linearizability.Explains(register, 0), string.Join('\n', register)));
        Assert.NotEmpty(clients.Registers);
    }

    [Fact]
    public async Task Outbox_PostgresKilledAfterAcceptance_AppliesEverythingAccepted()
    {
        await using var cluster = await PostgresCluster.StartAsync(standbys: 0);
        await using var sessions = await ClusterSessions.MigrateAsync(cluster.Primary);
        var accepted = await ClusterSessions.AcceptUntilKilledAsync(sessions.Store, cluster.Primary, 100);
        await cluster.Primary.StartAsync();

        var found = await ClusterSessions.ItemsAsync(sessions.Store);
        Assert.True(accepted.Count >= 100);
        Assert.Empty(accepted.Except(found));
        Assert.Equal(found.Distinct().Count(), found.Count);
    }
}
