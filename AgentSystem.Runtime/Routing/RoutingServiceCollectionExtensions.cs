using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Routing;

/// <summary>The only way in to Routing.</summary>
public static class RoutingServiceCollectionExtensions
{
    /// <summary>Adds the instance table and the policies.</summary>
    public static IServiceCollection AddRouting(this IServiceCollection services, string instanceName, int seed)
    {
        services.AddOptions<RoutingOptions>().BindConfiguration("Routing").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(new InstanceName(instanceName));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRoutingPolicy, PowerOfTwoPolicy>(_ => CreatePowerOfTwo(seed)));
        services.TryAddSingleton<InstanceTable>();
        return services;
    }

    private static PowerOfTwoPolicy CreatePowerOfTwo(int seed) => new(new Random(seed));
}
