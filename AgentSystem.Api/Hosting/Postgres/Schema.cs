using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentSystem.Api.Hosting.Postgres;

/// <summary>Both planes' tables, brought up to date under one lock.</summary>
internal sealed class Schema(NpgsqlDataSource database, IOptions<DatabaseOptions> options)
{
    /// <summary>Migrates, unless a job does it here (<c>Database:MigrateOnStart=false</c>), then runs <paramref name="steps"/> while other hosts still wait.</summary>
    public Task PrepareAsync(CancellationToken cancellation, params IEnumerable<Func<CancellationToken, Task>> steps) =>
        SchemaLock.RunAsync(database, cancellation, [MigrateAsync, .. steps]);

    private async Task MigrateAsync(CancellationToken cancellation)
    {
        if (options.Value.MigrateOnStart)
        {
            await RuntimeSchema.MigrateRuntimeAsync(database, cancellation);
            await ControlSchema.MigrateControlAsync(database, cancellation);
        }
    }
}
