using AgentSystem.Runtime.Memory.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Memory;

/// <summary>The memory's index in a build without Aspire's packages: the embedded one over the rows in Postgres. <c>AspireMemoryIndex.cs</c> is its twin; the project file picks one.</summary>
internal static class MemoryIndexChoice
{
    public static void AddMemoryIndex(this IServiceCollection services) => services.TryAddSingleton<IMemoryIndex, EmbeddedMemoryIndex>();
}
