using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.State;
using AgentSystem.Runtime.Tools.Calculator;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Catalogue.Postgres;
using AgentSystem.Runtime.Tools.Clock;
using AgentSystem.Runtime.Tools.Documents;
using AgentSystem.Runtime.Tools.Http;
using AgentSystem.Runtime.Tools.Mcp;
using AgentSystem.Runtime.Tools.Memory;
using AgentSystem.Runtime.Tools.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Tools;

/// <summary>The way into the tools.</summary>
public static class ToolsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the built-in tools, the tenants' catalogues on Postgres, and what calls their tools. Needs the memory and the documents capabilities, a <c>JitterSource</c>, and what seals secrets.
    /// </summary>
    public static IServiceCollection AddTools(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, CalculatorTool>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, ClockTool>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, RememberTool>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, RecallTool>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, SearchTool>());
        services.TryAddSingleton<ToolCatalog>();

        services.AddState();
        services.AddEgress();
        services.AddSealing();
        services.AddSealedColumn(ToolRows.Credentials);
        services.AddOptions<ToolsOptions>().BindConfiguration("Tools").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ResilienceOptions>();
        services.TryAddSingleton<CallBreakers>();
        services.TryAddSingleton<IToolStore, PostgresToolStore>();
        services.TryAddSingleton<ToolCredentials>();
        services.TryAddSingleton<ToolHttp>();
        services.TryAddSingleton<McpConnections>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolImporter, OpenApiImporter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolImporter, McpImporter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolTransport, HttpToolTransport>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolTransport, McpToolTransport>());
        services.TryAddSingleton<ToolImports>();
        services.TryAddSingleton<ToolRules>();
        services.TryAddSingleton<ToolRegistry>();
        services.TryAddSingleton<ToolTelemetry>();
        services.TryAddSingleton<ToolCaller>();
        services.TryAddSingleton<TenantTools>();
        services.TryAddSingleton<ToolInvocations>();
        services.TryAddSingleton<ToolHealthReader>();
        return services;
    }
}
