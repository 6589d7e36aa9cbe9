using AgentSystem.Runtime.Caching.InProcess;
using AgentSystem.Runtime.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Caching;

/// <summary>The way into the store of finished answers.</summary>
public static class AnswerCacheServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IAnswerCache"/>: with <paramref name="redis"/> in the store of the container's <c>IConnectionMultiplexer</c>, else in this process's memory.</summary>
    public static IServiceCollection AddAnswerCache(this IServiceCollection services, bool redis)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CacheStoreTelemetry>();
        if (redis)
        {
            services.TryAddSingleton<IAnswerCache, RedisAnswerCache>();
        }
        else
        {
            services.AddOptions<InProcessCacheOptions>().BindConfiguration("Caching:InProcess").ValidateDataAnnotations().ValidateOnStart();
            services.TryAddSingleton<IAnswerCache, InProcessAnswerCache>();
        }

        return services;
    }
}
