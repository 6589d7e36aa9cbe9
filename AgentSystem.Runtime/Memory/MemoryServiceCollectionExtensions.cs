using AgentSystem.Runtime.Memory.Postgres;
using AgentSystem.Runtime.Memory.Retrieval;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Memory;

/// <summary>The way into the memory.</summary>
public static class MemoryServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IMemoryStore"/>, <see cref="IMemoryRecords"/> and <see cref="MemorySearch"/> on Postgres with the embedded index; in a build with Aspire's packages with Qdrant, if its client was
    /// added before. Binds the section <c>Memory</c>.
    /// </summary>
    public static IServiceCollection AddMemory(this IServiceCollection services)
    {
        services.AddState();
        services.AddMetrics();
        services.AddLogging();
        services.AddOptions<MemoryOptions>().BindConfiguration("Memory").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MemoryTelemetry>();
        services.TryAddSingleton(Embedding);
        services.AddMemoryIndex();
        services.TryAddSingleton<MemoryWriter>();
        services.TryAddSingleton<MemoryChanger>();
        services.TryAddSingleton<IMemoryIndexStatus, PostgresMemoryIndexStatus>();
        services.TryAddSingleton<IMemoryFinder, PostgresMemoryFinder>();
        services.TryAddSingleton<IMemoryStore, PostgresMemoryStore>();
        services.TryAddSingleton<IMemoryRecords, PostgresMemoryRecords>();
        services.TryAddSingleton(static provider => new MemorySearch(
            provider.GetRequiredService<IMemoryFinder>(), provider.GetRequiredService<IMemoryIndex>(), provider.GetRequiredService<IMemoryEmbedding>(), provider.GetRequiredService<MemoryTelemetry>(),
            provider.GetRequiredService<IOptions<MemoryOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MemoryIndexer>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MemoryKeeper>());
        return services;
    }

    private static IMemoryEmbedding Embedding(IServiceProvider provider)
    {
        var name = provider.GetRequiredService<IOptions<MemoryOptions>>().Value.Embedding;
        return string.IsNullOrEmpty(name)
            ? new HashedMemoryEmbedding()
            : provider.GetService<IMemoryModels>()?.Embedding(name)
                ?? throw new OptionsValidationException("Memory", typeof(MemoryOptions), [$"Memory:Embedding is \"{name}\", which is no model that can embed: configure one of that name under Models, or leave it empty."]);
    }
}
