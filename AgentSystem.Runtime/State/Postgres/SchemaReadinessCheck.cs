using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>What is wrong with one plane's tables: null when they are exactly those this build knows; otherwise one line with the cure.</summary>
public delegate Task<string?> SchemaProblem(NpgsqlDataSource source, CancellationToken cancellation);

/// <summary>A process on a schema it does not know is not ready: it would misread rows that a newer version wrote. One check for each plane.</summary>
public sealed class SchemaReadinessCheck(NpgsqlDataSource database, SchemaProblem problem) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Left alone when the time is up, not cancelled: where the network swallows everything, a cancellation waits itself.
            return await problem(database, CancellationToken.None).WaitAsync(Patience, cancellationToken) is { } wrong ? HealthCheckResult.Unhealthy(wrong) : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
