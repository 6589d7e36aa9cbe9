using AgentSystem.Runtime.Security.Audit.Postgres;
using AgentSystem.Runtime.Security.Audit.Tree;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>The way into the audit log.</summary>
public static class AuditServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IAuditLog"/> on Postgres and the services that write and sign it. The host registers a <see cref="RootKey"/>.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddState();
        services.AddMetrics();
        services.AddOptions<AuditOptions>().BindConfiguration("Audit").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IAuditStore, PostgresAuditStore>();
        services.TryAddSingleton<AuditSeal>();
        services.TryAddSingleton<AuditSubjects>();
        services.TryAddSingleton<AuditChain>();
        services.TryAddSingleton<AuditTelemetry>();
        services.TryAddSingleton<ChainedAuditLog>();
        services.TryAddSingleton<IAuditLog>(static provider => provider.GetRequiredService<ChainedAuditLog>());
        services.TryAddSingleton<IAuditTree, PostgresAuditTree>();
        services.TryAddSingleton<AuditSigner>();
        services.TryAddSingleton<RootsFile>();
        services.TryAddSingleton(static s => new AuditReader(s.GetRequiredService<IAuditStore>(), s.GetRequiredService<IAuditTree>(), s.GetRequiredService<AuditSeal>(), s.GetRequiredService<AuditSubjects>()));
        services.TryAddSingleton(static s => new AuditProofs(s.GetRequiredService<IAuditTree>(), s.GetRequiredService<AuditSigner>(), s.GetRequiredService<RootsFile>(), s.GetRequiredService<TimeProvider>()));
        // Hosts stop their services in the reverse order: the last entry is written before the last root is signed.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AuditRooter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AuditWriter>());
        return services;
    }
}
