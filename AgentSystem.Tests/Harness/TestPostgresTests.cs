using Npgsql;

namespace AgentSystem.Tests.Harness;

public sealed class TestPostgresTests(TestPostgres postgres)
{
    [Fact]
    public async Task CreateDatabaseAsync_Twice_GivesTwoThatDoNotShare()
    {
        var (first, second) = (await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());
        await ExecuteAsync(first, "create table mine (n int)");
        Assert.Equal(false, await ExecuteAsync(second, "select exists (select from pg_tables where tablename = 'mine')"));
    }

    [Fact]
    public async Task CreateDatabaseAsync_FromATemplate_MigratesOnce()
    {
        var migrations = 0;
        async Task Migrate(string connectionString)
        {
            migrations++;
            await ExecuteAsync(connectionString, "create table shape (n int); insert into shape values (3)");
        }

        var copies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => postgres.CreateDatabaseAsync("harness_shape", Migrate)));
        Assert.Equal(1, migrations);
        Assert.Equal(3, await ExecuteAsync(copies[2], "select n from shape"));
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string statement)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }
}
