using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Remote;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Memory.Remote;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Pipeline.Remote;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Remote;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime;

/// <summary>The roles that exist, one method each: the interface, what serves it, and which port a client of it takes the place of. A new role is one more.</summary>
public static class RolesServiceCollectionExtensions
{
    /// <summary>The role <c>memory</c>. Needs <c>AddMemory()</c>.</summary>
    public static IServiceCollection AddMemoryRole(this IServiceCollection services, MeshPlan plan) => services.AddRole<IMemoryService, MemoryRole>(
        plan, RoleNames.Memory, static elsewhere => elsewhere.Replace(ServiceDescriptor.Singleton<IMemoryStore, RemoteMemoryStore>()));

    /// <summary>The role <c>tools</c>. Needs <c>AddTools()</c>.</summary>
    public static IServiceCollection AddToolsRole(this IServiceCollection services, MeshPlan plan) => services.AddRole<IToolsService, ToolsRole>(
        plan, RoleNames.Tools, static elsewhere => elsewhere.AddSingleton<ToolsElsewhere>().Replace(ServiceDescriptor.Singleton(static provider =>
            new ToolCatalog(provider.GetServices<ITool>().Select(provider.GetRequiredService<ToolsElsewhere>().Wrap)))));

    /// <summary>The role <c>inference</c>. Needs an <see cref="IModelSource"/>, which loads the models only where the role is.</summary>
    public static IServiceCollection AddInferenceRole(this IServiceCollection services, MeshPlan plan) => services.AddRole<IInferenceService, InferenceRole>(
        plan, RoleNames.Inference, static elsewhere => elsewhere.Replace(ServiceDescriptor.Singleton<IModelDirectory>(static provider => new HostedModels(
            new RemoteModels(provider.GetRequiredService<IModelSource>(), provider.GetRequiredService<IInferenceService>())))));

    /// <summary>The role <c>reasoning</c>. Needs <c>AddPipeline()</c>.</summary>
    public static IServiceCollection AddReasoningRole(this IServiceCollection services, MeshPlan plan) => services.AddRole<IReasoningService, ReasoningRole>(
        plan, RoleNames.Reasoning, static elsewhere => elsewhere.AddSingleton<HandedOver>());

    /// <summary>The roles <c>monitoring</c> and <c>control</c>, which say how their processes stand.</summary>
    public static IServiceCollection AddStatusRoles(this IServiceCollection services, MeshPlan plan) =>
        services.AddRole<IMonitoringService, MonitoringRole>(plan, RoleNames.Monitoring).AddRole<IControlService, ControlRole>(plan, RoleNames.Control);
}
