using AgentSystem.Api.Hosting;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Api.Hosting;

/// <summary>The verb a cluster's job runs, on a real database.</summary>
public class MigrateVerbTests(TestPostgres postgres)
{
    private const string AdminKey = "an-admin-key-for-tests-0123456789-0123456789";

    [Fact]
    public async Task Run_OnAnEmptyDatabase_MakesTablesSeedsAndKeyAndEnds()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var output = new StringWriter();

        Assert.Equal(0, await MigrateVerb.RunAsync(Settings(connection), output));
        Assert.Equal(0, await MigrateVerb.RunAsync(Settings(connection), output));

        Assert.Contains("up to date", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Admin key", output.ToString(), StringComparison.Ordinal);
        await using var source = NpgsqlDataSource.Create(connection);
        Assert.True(await CountAsync(source, "agentsystem.agents") > 0);
        Assert.Equal(1, await CountAsync(source, "agentsystem.api_keys"));
    }

    [Fact]
    public async Task Run_WithoutADatabase_FailsSoThatTheJobComesAgain()
    {
        await using var output = new StringWriter();

        Assert.Equal(1, await MigrateVerb.RunAsync(Settings("Host=127.0.0.1;Port=9;Username=nobody;Database=none;Timeout=2"), output));
    }

    private static string[] Settings(string connection) =>
    [
        $"--ConnectionStrings:postgres={connection}", "--AGENTSYSTEM_ROOT_KEY=a-root-key-for-tests-0123456789-0123456789", $"--AGENTSYSTEM_ADMIN_KEY={AdminKey}",
        // What the chart gives the gateway: the verb migrates all the same.
        "--Database:MigrateOnStart=false",
        "--Models:small:Provider=openai", "--Models:small:Model=unused", "--Models:small:Endpoint=http://127.0.0.1:9/v1",
    ];

    private static async Task<long> CountAsync(NpgsqlDataSource source, string table)
    {
        await using var command = source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
