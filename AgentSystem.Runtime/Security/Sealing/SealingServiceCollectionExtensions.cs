using AgentSystem.Runtime.Security.Sealing.Postgres;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>The way into sealing.</summary>
public static class SealingServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ISecretBox"/> over data keys in Postgres. The host registers a <see cref="RootKey"/>.</summary>
    public static IServiceCollection AddSealing(this IServiceCollection services)
    {
        services.AddState();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDataKeyStore, PostgresDataKeyStore>();
        services.TryAddSingleton<IRootStore, PostgresRootStore>();
        services.TryAddSingleton<KeyWrapping>();
        services.TryAddSingleton(static s => new RootSecrets(s.GetRequiredService<RootKey>(), s.GetRequiredService<IRootStore>(), s.GetRequiredService<IDataKeyStore>(), s.GetRequiredService<KeyWrapping>()));
        services.TryAddSingleton(static s => new DataKeys(s.GetRequiredService<IDataKeyStore>(), s.GetRequiredService<KeyWrapping>(), s.GetRequiredService<RootSecrets>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IRotationStore, PostgresRotationStore>();
        services.TryAddSingleton(static s => new Rotation(s.GetRequiredService<IRotationStore>(), s.GetRequiredService<DataKeys>(), s.GetServices<SealedColumn>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RootWatch>());
        services.TryAddSingleton<ISecretBox, SecretBox>();
        return services;
    }

    /// <summary>Adds the service that carries rotations on. Only for processes that know every sealed column: another one would take a rotation for done too early.</summary>
    public static IServiceCollection AddRotations(this IServiceCollection services)
    {
        services.AddSealing();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RotationWorker>());
        return services;
    }

    /// <summary>Says that a column is sealed, so that rotations reach it.</summary>
    public static IServiceCollection AddSealedColumn(this IServiceCollection services, SealedColumn column)
    {
        if (!services.Any(service => Equals(service.ImplementationInstance, column)))
        {
            services.AddSingleton(column);
        }

        return services;
    }
}
