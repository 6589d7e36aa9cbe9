using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Pipeline.Durable;

/// <summary>The way into durable runs.</summary>
public static class DurableRunsServiceCollectionExtensions
{
    /// <summary>Adds the stores of runs and the service that executes them. The pipeline is added beside it.</summary>
    public static IServiceCollection AddDurableRuns(this IServiceCollection services)
    {
        services.AddRuns();
        services.AddResponses();
        services.TryAddSingleton<ResponseRuns>();
        services.TryAddSingleton<Webhooks.IOutgoingCheck, OutgoingMessages>();
        services.TryAddSingleton<RunExecutor>();
        services.TryAddSingleton<RunWorker>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RunWorker>(static provider => provider.GetRequiredService<RunWorker>()));
        return services;
    }
}
