using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Runtime.State.Postgres;

public sealed class RuntimeSchemaTests(TestPostgres postgres)
{
    [Fact]
    public async Task Migrate_SeveralHostsAtOnce_MakesTheSchemaOnce()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        Assert.Contains("run the migration step", await RuntimeSchema.ProblemAsync(source, CancellationToken.None), StringComparison.Ordinal);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            SchemaLock.RunAsync(source, CancellationToken.None, cancellation => RuntimeSchema.MigrateRuntimeAsync(source, cancellation))));

        Assert.Null(await RuntimeSchema.ProblemAsync(source, CancellationToken.None));
        await RuntimeSchema.MigrateRuntimeAsync(source, CancellationToken.None);
    }

    [Fact]
    public async Task Migrate_TwoDatabasesOfOneClusterAtOnce_ShareTheRole()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => postgres.CreateDatabaseAsync()));
        await Task.WhenAll(databases.Select(async connectionString =>
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await RuntimeSchema.MigrateRuntimeAsync(source, CancellationToken.None);
            Assert.Null(await RuntimeSchema.ProblemAsync(source, CancellationToken.None));
        }));
    }

    [Fact]
    public async Task Migrate_ByAnOwnerThatIsNoSuperuser_WorksToo()
    {
        await using var administrator = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await RuntimeSchema.MigrateRuntimeAsync(administrator, CancellationToken.None);
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        var owner = $"owner_of_{database.Database}";
        await ExecuteAsync(administrator, $"CREATE ROLE {owner} LOGIN PASSWORD 'test'; GRANT agentsystem_app TO {owner}; ALTER DATABASE {database.Database} OWNER TO {owner}");
        (database.Username, database.Password) = (owner, "test");
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);

        await RuntimeSchema.MigrateRuntimeAsync(source, CancellationToken.None);

        await using var session = await new RuntimeDatabase(source).OpenAsync("default", CancellationToken.None);
        await using var role = session.Command("SELECT current_user::text");
        Assert.Equal(RuntimeSchema.AppRole, await role.ExecuteScalarAsync());
        await using var key = session.Command("SELECT count(*) FROM agentsystem.find_key($1)", new byte[32]);
        Assert.Equal(0L, await key.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Problem_SchemaOfANewerBuild_NamesTheCure()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        await ExecuteAsync(database.Source, "INSERT INTO agentsystem.runtime_migrations VALUES ('29990101000000_FromTheFuture', '99.0.0')");
        var problem = await RuntimeSchema.ProblemAsync(database.Source, CancellationToken.None);
        Assert.Contains("29990101000000_FromTheFuture", problem, StringComparison.Ordinal);
        Assert.Contains("start the version that made it", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MakeFactPartition_RowsThatCameBefore_MoveIntoIt()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        await ExecuteAsync(database.Source, "INSERT INTO agentsystem.facts VALUES ('default', '2031-05-31T23:59:59Z', gen_random_uuid(), 'k', NULL, '{}'), ('default', '2031-06-01T00:00:00Z', gen_random_uuid(), 'k', NULL, '{}')");
        Assert.Equal(true, await database.ScalarAsync("SELECT agentsystem.make_fact_partition('2031-05-02')"));
        Assert.Equal(false, await database.ScalarAsync("SELECT agentsystem.make_fact_partition('2031-05-30')"));
        Assert.Equal(1L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.facts_2031_05"));
        Assert.Equal(1L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.facts_default"));
        Assert.Equal(2L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.facts"));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
