using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AgentSystem.Api.Hosting.Postgres;

/// <summary>A host on a schema it does not know is not ready: it would misread rows that a newer version wrote.</summary>
internal sealed class SchemaReadinessCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var problem = await RuntimeSchema.ProblemAsync(database, cancellationToken) ?? await ControlSchema.ProblemAsync(database, cancellationToken);
            return problem is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(problem);
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
