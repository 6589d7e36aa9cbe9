using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AgentSystem.ServiceDefaults.Stores;

/// <summary>What <c>/ready</c> asks of the stores: PostgreSQL must answer; Redis may be away, and then it is slower, not wrong.</summary>
internal static class StoreHealth
{
    /// <summary>The tag of checks that readiness asks.</summary>
    private const string Ready = "ready";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddStoreHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .Add(new HealthCheckRegistration(StoreNames.Postgres, provider => new PostgresHealthCheck(provider.GetRequiredService<NpgsqlDataSource>()), HealthStatus.Unhealthy, [Ready], Patience))
            .Add(new HealthCheckRegistration(StoreNames.Redis, provider => new RedisHealthCheck(provider.GetRequiredService<RedisConnection>()), HealthStatus.Degraded, [Ready], Patience));
        return services;
    }
}

internal sealed class PostgresHealthCheck(NpgsqlDataSource source) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException failure)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "PostgreSQL does not answer.", failure);
        }
    }
}

internal sealed class RedisHealthCheck(RedisConnection redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        redis switch
        {
            { Multiplexer: null } => HealthCheckResult.Healthy("Not configured: everything is asked of PostgreSQL."),
            { Database: null } => new HealthCheckResult(context.Registration.FailureStatus, "Redis does not answer: everything is asked of PostgreSQL."),
            _ => HealthCheckResult.Healthy(),
        });
}
