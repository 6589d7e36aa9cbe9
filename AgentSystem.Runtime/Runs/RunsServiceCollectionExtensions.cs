using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Runs;

/// <summary>The way into what is kept of runs.</summary>
public static class RunsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IRunStore"/>, <see cref="IRunQueue"/>, <see cref="IRunLog"/> and <see cref="IRunSignals"/> on Postgres.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddState();
        services.AddOptions<RunOptions>().BindConfiguration("Runs").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RunWriter>();
        services.TryAddSingleton<IRunStore, PostgresRunStore>();
        services.TryAddSingleton<IRunQueue, PostgresRunQueue>();
        services.TryAddSingleton<IRunLog, PostgresRunLog>();
        services.TryAddSingleton<PostgresRunSignals>();
        services.TryAddSingleton<IRunSignals>(static provider => provider.GetRequiredService<PostgresRunSignals>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PostgresRunSignals>(static provider => provider.GetRequiredService<PostgresRunSignals>()));
        return services;
    }
}
