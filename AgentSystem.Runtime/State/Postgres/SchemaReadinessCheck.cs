using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>A process on a schema it does not know is not ready: it would misread rows that a newer version wrote.</summary>
internal sealed class SchemaReadinessCheck(NpgsqlDataSource database) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Left alone when the time is up, not cancelled: where the network swallows everything, a cancellation waits itself.
            return await RuntimeSchema.ProblemAsync(database, CancellationToken.None).WaitAsync(Patience, cancellationToken) is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
