using AgentSystem.Control.State.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AgentSystem.Api.Hosting.Postgres;

/// <summary>The control plane's half of what the data plane asks of its own tables.</summary>
internal sealed class ControlSchemaReadinessCheck(NpgsqlDataSource database) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Left alone when the time is up, not cancelled: where the network swallows everything, a cancellation waits itself.
            return await ControlSchema.ProblemAsync(database, CancellationToken.None).WaitAsync(Patience, cancellationToken) is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
