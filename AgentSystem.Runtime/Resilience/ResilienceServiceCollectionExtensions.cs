using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Resilience;

/// <summary>The only way in to Resilience.</summary>
public static class ResilienceServiceCollectionExtensions
{
    /// <summary>Adds breakers and retry budgets.</summary>
    public static IServiceCollection AddModelResilience(this IServiceCollection services, int seed)
    {
        services.AddOptions<ResilienceOptions>().BindConfiguration("Resilience").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new JitterSource(seed));
        services.TryAddSingleton<ModelResilience>();
        return services;
    }
}
