using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Runs;

/// <summary>The way into the log of what happened.</summary>
public static class FactsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IFactLog"/> on Postgres and the service that writes it.</summary>
    public static IServiceCollection AddFacts(this IServiceCollection services)
    {
        services.AddState();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new FactQueue());
        services.TryAddSingleton<FactTelemetry>();
        services.TryAddSingleton<FactPartitions>();
        services.TryAddSingleton<IFactLog, PostgresFactLog>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FactWriter>());
        return services;
    }
}
