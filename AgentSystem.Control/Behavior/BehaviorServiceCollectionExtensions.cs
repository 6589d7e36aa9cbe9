using AgentSystem.Control.Behavior.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Control.Behavior;

/// <summary>The only way in to Behavior.</summary>
public static class BehaviorServiceCollectionExtensions
{
    /// <summary>Adds the feedback store. Needs an <c>NpgsqlDataSource</c> in the container.</summary>
    public static IServiceCollection AddBehavior(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFeedbackStore, PostgresFeedbackStore>();
        return services;
    }
}
