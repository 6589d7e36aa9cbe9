using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Control.State;

public sealed class ControlSchemaTests(TestPostgres postgres)
{
    [Fact]
    public async Task Migrate_BothPlanesBySeveralHostsAtOnce_EndsCurrent()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SchemaLock.RunAsync(
            source,
            CancellationToken.None,
            cancellation => RuntimeSchema.MigrateRuntimeAsync(source, cancellation),
            cancellation => ControlSchema.MigrateControlAsync(source, cancellation))));
        Assert.Null(await RuntimeSchema.ProblemAsync(source, CancellationToken.None));
        Assert.Null(await ControlSchema.ProblemAsync(source, CancellationToken.None));
    }

    [Fact]
    public async Task Problem_EmptyDatabase_NamesTheCure()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        Assert.Contains("run the migration step first", await ControlSchema.ProblemAsync(source, CancellationToken.None), StringComparison.Ordinal);
    }
}
