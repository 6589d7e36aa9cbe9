using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Egress;

/// <summary>The way into the rule of outgoing calls.</summary>
public static class EgressServiceCollectionExtensions
{
    /// <summary>Adds <see cref="EgressRule"/>; <see cref="EgressHandler"/> makes connections that keep to it.</summary>
    public static IServiceCollection AddEgress(this IServiceCollection services)
    {
        services.AddOptions<EgressOptions>().BindConfiguration("Egress").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<EgressRule>();
        return services;
    }
}
