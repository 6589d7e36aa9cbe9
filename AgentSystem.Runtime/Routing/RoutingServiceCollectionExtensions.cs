using AgentSystem.Runtime.Routing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Routing;

/// <summary>The only way in to Routing.</summary>
public static class RoutingServiceCollectionExtensions
{
    /// <summary>Adds the instance table, the policies, and the registry of all processes in Postgres. Needs what <c>AddState</c> adds.</summary>
    public static IServiceCollection AddRouting(this IServiceCollection services, string instanceName, int seed)
    {
        services.AddOptions<RoutingOptions>().BindConfiguration("Routing").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(new InstanceName(instanceName));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRoutingPolicy, PowerOfTwoPolicy>(_ => CreatePowerOfTwo(seed)));
        services.TryAddSingleton<InstanceTable>();
        services.TryAddSingleton<IInstanceRegistry, PostgresInstanceRegistry>();
        services.AddHostedService<InstanceHeart>();
        return services;
    }

    private static PowerOfTwoPolicy CreatePowerOfTwo(int seed) => new(new Random(seed));
}
