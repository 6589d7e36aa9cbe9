using AgentSystem.Runtime.Memory.Postgres;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Memory;

/// <summary>The way into the memory.</summary>
public static class MemoryServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IMemoryStore"/> on Postgres with the exact index over its rows; in a build with Aspire's packages with Qdrant, if its client was added before.</summary>
    public static IServiceCollection AddMemory(this IServiceCollection services)
    {
        services.AddState();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMemoryIndex();
        services.TryAddSingleton<IMemoryStore, PostgresMemoryStore>();
        return services;
    }
}
