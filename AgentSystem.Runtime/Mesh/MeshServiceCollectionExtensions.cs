using AgentSystem.Runtime.Mesh.Grpc;
using AgentSystem.Runtime.Mesh.Peers;
using AgentSystem.Runtime.Mesh.Tls;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Mesh;

/// <summary>The only way in to the mesh.</summary>
public static class MeshServiceCollectionExtensions
{
    /// <summary>Adds what calls roles elsewhere, and what roles here are served with.</summary>
    /// <param name="services">Where.</param>
    /// <param name="plan">Which roles are where.</param>
    /// <param name="seed">Where the chance that picks processes begins.</param>
    public static IServiceCollection AddMesh(this IServiceCollection services, MeshPlan plan, int seed)
    {
        ArgumentNullException.ThrowIfNull(plan);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(plan);
        services.TryAddSingleton(new MeshChoices(new TwoChoices(new Random(seed))));
        services.AddOptions<ResilienceOptions>().BindConfiguration("Resilience").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MeshCallOptions>().BindConfiguration(MeshCallOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MeshServeOptions>().BindConfiguration(MeshServeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MeshTlsOptions>().BindConfiguration(MeshTlsOptions.Section);
        services.TryAddSingleton<PeerResilience>();
        services.TryAddSingleton<CallsInHand>();
        services.TryAddSingleton(static provider => new MeshIdentity(
            provider.GetRequiredService<IOptions<MeshTlsOptions>>().Value, provider.GetRequiredService<MeshPlan>().Names,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MeshIdentity>>()));
        services.TryAddSingleton<MeshClients>();
        return services;
    }

    /// <summary>
    /// One role, by its interface. Where it is elsewhere, the interface is a client of it and <paramref name="elsewhere"/> puts the capability's port on top of that; here, the interface is
    /// <typeparamref name="TImplementation"/> itself, which others are served with where this process listens for them.
    /// </summary>
    /// <param name="services">Where.</param>
    /// <param name="plan">Which roles are where.</param>
    /// <param name="role">The role.</param>
    /// <param name="elsewhere">Replaces the port by one over the interface.</param>
    public static IServiceCollection AddRole<TService, TImplementation>(this IServiceCollection services, MeshPlan plan, string role, Action<IServiceCollection>? elsewhere = null)
        where TService : class
        where TImplementation : class, TService
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.IsElsewhere(role))
        {
            services.TryAddSingleton(static provider => provider.GetRequiredService<MeshClients>().Create<TService>());
            elsewhere?.Invoke(services);
            return services;
        }

        services.TryAddSingleton<TImplementation>();
        services.TryAddSingleton<TService>(static provider => provider.GetRequiredService<TImplementation>());
        if (plan.Serves.Contains(role) && !services.Any(service => service.ImplementationInstance is ServedRole known && known.Role == role))
        {
            services.AddSingleton(MeshServer.Of<TImplementation>(role));
        }

        return services;
    }
}
