using AgentSystem.AppHost;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentSystem.Tests.AppHost.Embedded;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "agentsystem-pgtest-" + Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task StartAsync_SecondTime_FindsWhatTheFirstWrote()
    {
        await using (var first = await StartAsync())
        {
            await ExecuteAsync(first, "create table kept (n int); insert into kept values (42)");
        }

        Assert.False(File.Exists(Path.Combine(folder, "postgres", "postmaster.pid")));
        await using var second = await StartAsync();
        Assert.Equal(42, await ExecuteAsync(second, "select n from kept"));
    }

    [Fact]
    public async Task StartAsync_WhileAnOrphanRuns_StopsItAndFindsItsData()
    {
        var orphan = await StartAsync();
        await ExecuteAsync(orphan, "create table kept (n int); insert into kept values (7)");
        var before = await ExecuteAsync(orphan, "select pg_postmaster_start_time()::text");

        await using var next = await StartAsync();

        Assert.Equal(7, await ExecuteAsync(next, "select n from kept"));
        Assert.NotEqual(before, await ExecuteAsync(next, "select pg_postmaster_start_time()::text"));
    }

    [Fact]
    public async Task StartAsync_StaleLockOfAnotherProgram_IsSweptAway()
    {
        await using (await StartAsync())
        {
        }

        // This test's own process id stands for a number that was given to another program since.
        await File.WriteAllTextAsync(Path.Combine(folder, "postgres", "postmaster.pid"), $"{Environment.ProcessId}\n{folder}\n1\n5432\n\n\n");
        await using var next = await StartAsync();
        Assert.Equal(1, await ExecuteAsync(next, "select 1"));
    }

    [Fact]
    public async Task StartAsync_NothingButTheSocket_Listens()
    {
        await using var server = await StartAsync();
        Assert.Equal("", await ExecuteAsync(server, "show listen_addresses"));
        Assert.StartsWith("/", new NpgsqlConnectionStringBuilder(server.ConnectionString).Host, StringComparison.Ordinal);
        Assert.Equal(1, await ExecuteAsync(server, "select 1 where lower('ÄÉ') = 'äé'"));
    }

    [Fact]
    public async Task StartAsync_NoPrograms_NamesTheCures()
    {
        Directory.CreateDirectory(folder);
        var options = new EmbeddedPostgresOptions { DataFolder = folder, BinariesFolder = folder };
        var refusal = await Assert.ThrowsAsync<CannotStartException>(() => EmbeddedPostgres.StartAsync(options, NullLogger.Instance, CancellationToken.None));
        Assert.Contains("apt-get install postgresql", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__postgres", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task StartAsync_DataOfAnotherMajorVersion_IsRefusedWithTheCure()
    {
        await using (await StartAsync())
        {
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "postgres", "PG_VERSION"), "9\n");
        var refusal = await Assert.ThrowsAsync<CannotStartException>(StartAsync);
        Assert.Contains("install PostgreSQL 9", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_FolderBelowAFile_SaysItCannotBeWritten()
    {
        await File.WriteAllTextAsync(folder + ".file", "");
        var options = new EmbeddedPostgresOptions { DataFolder = Path.Combine(folder + ".file", "data") };
        var refusal = await Assert.ThrowsAsync<CannotStartException>(() => EmbeddedPostgres.StartAsync(options, NullLogger.Instance, CancellationToken.None));
        Assert.Contains("AGENTSYSTEM_DATA", refusal.Message, StringComparison.Ordinal);
        File.Delete(folder + ".file");
    }

    private Task<EmbeddedPostgres> StartAsync() =>
        EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder, Durable = false }, NullLogger.Instance, CancellationToken.None);

    private static async Task<object?> ExecuteAsync(EmbeddedPostgres server, string statement)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}
