using AgentSystem.Runtime.Schedules.Postgres;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Schedules;

/// <summary>The way into schedules.</summary>
public static class SchedulesServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IScheduleStore"/> on Postgres and the service that starts runs by the clock, through the pipeline's intake.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services)
    {
        services.AddState();
        services.AddOptions<ScheduleOptions>().BindConfiguration("Schedules").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IScheduleStore, PostgresScheduleStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ScheduleClock>());
        return services;
    }
}
