using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AgentSystem.Api.Hosting.Postgres;

/// <summary>A host on a schema it does not know is not ready: it would misread rows that a newer version wrote.</summary>
internal sealed class SchemaReadinessCheck(NpgsqlDataSource database) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Left alone when the time is up, not cancelled: where the network swallows everything, a cancellation waits itself.
            var problem = await ProblemAsync().WaitAsync(Patience, cancellationToken);
            return problem is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(problem);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }

    private async Task<string?> ProblemAsync() =>
        await RuntimeSchema.ProblemAsync(database, CancellationToken.None) ?? await ControlSchema.ProblemAsync(database, CancellationToken.None);
}
