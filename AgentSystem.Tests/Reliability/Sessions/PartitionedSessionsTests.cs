using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Runtime.Sessions;
using Npgsql;

namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>The network between clients and PostgreSQL is cut both ways and one way, and healed, while they work. What they were told must be explained by one order of what happened.</summary>
public sealed class PartitionedSessionsTests(TestPostgres postgres)
{
    private const int BetweenCuts = 40;

    [Fact]
    public async Task Network_CutInALoop_LosesNothingItAcknowledgedAndTellsNoLies()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        await using var network = FaultProxy.BeforePostgres(database.Source.ConnectionString, out var through);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(through) { Timeout = 1, CommandTimeout = 2, CancellationTimeout = 500 }.ConnectionString);
        await using var sessions = SessionsOnPostgres.On(source, ("QuorumSeconds", "2"));
        var clients = new SessionClients(seed: 7);
        using var stop = new CancellationTokenSource();
        var working = Enumerable.Range(0, 4).Select(i => Task.Run(() => clients.AppendAsync(() => sessions.Store, i, stop.Token)))
            .Concat(Enumerable.Range(4, 4).Select(i => Task.Run(() => clients.UseRegistersAsync(() => sessions.Store, i, 30, stop.Token)))).ToList();
        foreach (var ways in new[] { Way.Both, Way.ToServer, Way.ToClient })
        {
            await clients.AcknowledgedAsync(BetweenCuts);
            network.Cut(ways);
            await clients.UnansweredAsync(1);
            network.Heal();
        }

        await clients.AcknowledgedAsync(BetweenCuts);
        await stop.CancelAsync();
        await Task.WhenAll(working);
        await clients.ReadListsAsync(sessions.Store);

        Assert.Empty(ListAppend.Check(clients.Appends, clients.Reads));
        Assert.All(clients.Registers.Values, register => Assert.True(Linearizability.Explains(register, 0), string.Join('\n', register)));
        Assert.NotEmpty(clients.Registers);
    }
}
