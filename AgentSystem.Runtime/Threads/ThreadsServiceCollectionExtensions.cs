using AgentSystem.Runtime.State;
using AgentSystem.Runtime.Threads.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Threads;

/// <summary>The way into conversations.</summary>
public static class ThreadsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IThreadStore"/> on Postgres.</summary>
    public static IServiceCollection AddThreads(this IServiceCollection services)
    {
        services.AddState();
        services.AddOptions<ThreadOptions>().BindConfiguration("Threads").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IThreadStore, PostgresThreadStore>();
        return services;
    }
}
