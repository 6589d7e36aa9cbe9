using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using StackExchange.Redis;

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
            // Left alone when the time is up, not cancelled: where the network swallows everything, a cancellation waits itself.
            await AskAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException failure)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "PostgreSQL does not answer.", failure);
        }
    }

    private async Task AskAsync()
    {
        await using var command = source.CreateCommand("select 1");
        await command.ExecuteScalarAsync(CancellationToken.None);
    }
}

internal sealed class RedisHealthCheck(RedisConnection redis) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (redis.Multiplexer is null)
        {
            return HealthCheckResult.Healthy("Not configured: everything is asked of PostgreSQL.");
        }

        try
        {
            if (redis.Database is { } database)
            {
                // A connection counts as connected for a long time after the other end fell silent.
                await database.PingAsync().WaitAsync(Patience, cancellationToken);
                return HealthCheckResult.Healthy();
            }
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return Away(context, failure);
        }

        return Away(context, null);
    }

    private static HealthCheckResult Away(HealthCheckContext context, Exception? failure) =>
        new(context.Registration.FailureStatus, "Redis does not answer: everything is asked of PostgreSQL.", failure);
}
