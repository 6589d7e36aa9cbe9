using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Runtime.State.Postgres;

/// <summary>A connection that only listens finds out that nobody is there any more.</summary>
public sealed class ListeningTests(TestPostgres postgres)
{
    private static readonly TimeSpan Doubt = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Wait_NothingIsSaidByAServerThatIsThere_Returns()
    {
        await using var connection = await ListenAsync(await postgres.CreateDatabaseAsync());
        await Listening.WaitAsync(connection, Doubt, 1, default).WaitAsync(Patience);
    }

    [Fact]
    public async Task Wait_TheConnectionWasLostWithoutAWord_Throws()
    {
        await using var network = FaultProxy.BeforePostgres(await postgres.CreateDatabaseAsync(), out var through);
        await using var connection = await ListenAsync(through);
        network.Strand();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Listening.WaitAsync(connection, Doubt, 1, default).WaitAsync(Patience));
    }

    [Fact]
    public async Task Wait_SomethingIsSaid_Returns()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var connection = await ListenAsync(database);
        var heard = "";
        connection.Notification += (_, said) => heard = said.Payload;
        await using var source = NpgsqlDataSource.Create(database);
        await using var say = source.CreateCommand("SELECT pg_notify('news', 'hello')");
        await say.ExecuteNonQueryAsync();

        await Listening.WaitAsync(connection, Patience, 1, default).WaitAsync(Patience);

        Assert.Equal("hello", heard);
    }

    private static async Task<NpgsqlConnection> ListenAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Timeout = 2, CancellationTimeout = 500, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var listen = new NpgsqlCommand("LISTEN news", connection);
        await listen.ExecuteNonQueryAsync();
        return connection;
    }
}
