using AgentSystem.Runtime.Tools.Calculator;
using AgentSystem.Runtime.Tools.Clock;
using AgentSystem.Runtime.Tools.Documents;
using AgentSystem.Runtime.Tools.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Tools;

/// <summary>The way into the tools.</summary>
public static class ToolsServiceCollectionExtensions
{
    /// <summary>Adds the built-in tools and the <see cref="ToolCatalog"/>. Needs the memory and the documents capabilities.</summary>
    public static IServiceCollection AddTools(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, CalculatorTool>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, ClockTool>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, RememberTool>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, RecallTool>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, SearchTool>());
        services.TryAddSingleton<ToolCatalog>();
        return services;
    }
}
