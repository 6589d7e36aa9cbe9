using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Perception;

/// <summary>The way into perception.</summary>
public static class PerceptionServiceCollectionExtensions
{
    /// <summary>Adds <see cref="Perceiver"/>. Binds the section <c>Perception</c>. Models are asked through an <see cref="IModelSenses"/>, if there is one.</summary>
    public static IServiceCollection AddPerception(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<PerceptionOptions>().BindConfiguration("Perception").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<PerceptionCache>();
        services.TryAddSingleton<PerceptionTelemetry>();
        // Its constructor is internal, because what it takes is.
        services.TryAddSingleton(provider => new Perceiver(
            provider.GetRequiredService<IOptions<PerceptionOptions>>(), provider.GetRequiredService<PerceptionCache>(), provider.GetRequiredService<PerceptionTelemetry>(),
            provider.GetService<IModelSenses>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Perceiver>>()));
        return services;
    }
}
