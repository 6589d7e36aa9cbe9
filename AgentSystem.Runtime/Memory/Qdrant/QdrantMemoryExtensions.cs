using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Qdrant.Client;

namespace AgentSystem.Runtime.Memory.Qdrant;

/// <summary>The way to Qdrant as the memory's index.</summary>
internal static class QdrantMemoryExtensions
{
    /// <summary>Makes Qdrant the index if a <see cref="QdrantClient"/> was added before; otherwise does nothing.</summary>
    public static void AddQdrantMemory(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(QdrantClient)))
        {
            services.TryAddSingleton<IMemoryIndex, QdrantMemoryIndex>();
        }
    }
}
