using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Memory.Qdrant;

/// <summary>The way to Qdrant as the memory's index.</summary>
public static class QdrantMemoryExtensions
{
    /// <summary>Makes Qdrant the index. Needs a <c>QdrantClient</c> in the container; call it before <c>AddMemory()</c>.</summary>
    public static IServiceCollection AddQdrantMemory(this IServiceCollection services)
    {
        services.TryAddSingleton<IMemoryIndex, QdrantMemoryIndex>();
        return services;
    }
}
