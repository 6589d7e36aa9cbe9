using AgentSystem.Runtime.Memory.Postgres;
using AgentSystem.Runtime.Memory.Qdrant;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Memory;

/// <summary>The memory's index in a build with Aspire's packages: Qdrant where a client of it was added before, else the embedded one over the rows in Postgres. The twin of <c>DirectMemoryIndex.cs</c>.</summary>
internal static class MemoryIndexChoice
{
    public static void AddMemoryIndex(this IServiceCollection services)
    {
        services.AddQdrantMemory();
        services.TryAddSingleton<IMemoryIndex, EmbeddedMemoryIndex>();
    }
}
