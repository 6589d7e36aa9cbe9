using AgentSystem.Runtime.Agents.Rules;
using AgentSystem.Runtime.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Agents;

/// <summary>The way into defining agents. Running them is the Pipeline's.</summary>
public static class AgentsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="AgentRegistry"/>. Needs an <see cref="IAgentStore"/>, an <see cref="IModelDirectory"/> and the tools.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddOptions<AgentsOptions>().BindConfiguration("Agents").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMemoryModels, MemoryModels>();
        services.TryAddSingleton<AgentRules>();
        services.TryAddSingleton<AgentRegistry>();
        return services;
    }
}
