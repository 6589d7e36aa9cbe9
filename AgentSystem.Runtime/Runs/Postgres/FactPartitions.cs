using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>Sees to it that this month's and next month's partitions of the facts exist. Without them facts go to the default partition, so nothing waits for it.</summary>
internal sealed partial class FactPartitions(RuntimeDatabase database, TimeProvider time, ILogger<FactPartitions> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(12);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(10);

    private DateTimeOffset next;

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now < next)
        {
            return;
        }

        try
        {
            await using var session = await database.OpenWithoutTenantAsync(cancellation);
            await using var make = session.Command("SELECT agentsystem.make_fact_partition($1), agentsystem.make_fact_partition($2)", now, now.AddMonths(1));
            await make.ExecuteNonQueryAsync(cancellation);
            await session.CommitAsync(cancellation);
            next = now + Interval;
        }
        catch (PostgresException exception)
        {
            next = now + RetryInterval;
            LogFailed(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The next partition of the facts could not be made; facts go to the default partition meanwhile")]
    private partial void LogFailed(PostgresException exception);
}
