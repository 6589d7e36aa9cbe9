using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Erasure.Postgres;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Erasure;

/// <summary>The way into erasing users.</summary>
public static class ErasureServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ErasureDesk"/>. Needs memory, the answer cache, the audit log and the root key.</summary>
    public static IServiceCollection AddErasure(this IServiceCollection services)
    {
        services.AddState();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ErasureSigner>();
        services.TryAddSingleton<IErasureStore, PostgresErasureStore>();
        services.TryAddSingleton(static provider => new ErasureDesk(
            provider.GetRequiredService<IErasureStore>(), provider.GetRequiredService<ErasureSigner>(), provider.GetRequiredService<AnswerCache>(), provider.GetRequiredService<AuditReader>(),
            provider.GetRequiredService<IMemoryIndex>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ErasureWatch>());
        return services;
    }
}
