using AgentSystem.Runtime.Idempotency.Postgres;
using AgentSystem.Runtime.Recordings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Idempotency;

/// <summary>The way into idempotent requests.</summary>
public static class IdempotencyServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IIdempotencyStore"/> on Postgres, and the recordings it needs.</summary>
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
    {
        services.AddRecordings();
        services.AddOptions<IdempotencyOptions>().BindConfiguration("Idempotency").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<IIdempotencyStore, PostgresIdempotencyStore>();
        return services;
    }
}
