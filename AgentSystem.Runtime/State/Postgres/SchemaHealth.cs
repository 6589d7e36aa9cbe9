using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AgentSystem.Runtime.State.Postgres;

/// <summary>The way in for a plane's check of its tables.</summary>
public static class SchemaHealth
{
    /// <summary>Adds a check that decides over readiness.</summary>
    /// <param name="checks">The host's checks.</param>
    /// <param name="name">What it is called in the answer of <c>/ready</c>.</param>
    /// <param name="problem">What is wrong with the tables.</param>
    /// <param name="tag">The tag of checks that decide.</param>
    public static IHealthChecksBuilder AddSchema(this IHealthChecksBuilder checks, string name, SchemaProblem problem, string tag)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.Add(new HealthCheckRegistration(name, provider => new SchemaReadinessCheck(provider.GetRequiredService<NpgsqlDataSource>(), problem), null, [tag]));
    }
}
