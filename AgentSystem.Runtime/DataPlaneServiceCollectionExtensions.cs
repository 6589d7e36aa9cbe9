using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Erasure;
using AgentSystem.Runtime.Idempotency;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Pipeline.Durable;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Schedules;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.State;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Threads;
using AgentSystem.Runtime.Threats;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime;

/// <summary>The whole data plane, composed once: a run is executed by the same parts whether the process also answers HTTP or not.</summary>
public static class DataPlaneServiceCollectionExtensions
{
    // Decides over /ready in every host of ours.
    private const string Ready = "ready";

    /// <summary>
    /// Adds every capability. The host adds the stores, and the models as an <c>IModelSource</c>; its settings have passed <see cref="DataPlaneSettings.Check"/>.
    /// </summary>
    /// <param name="services">Where.</param>
    /// <param name="configuration">Its settings.</param>
    /// <param name="plan">Which roles are elsewhere; null: none.</param>
    public static IServiceCollection AddDataPlane(this IServiceCollection services, IConfiguration configuration, MeshPlan? plan = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var (seed, mesh) = (DataPlaneSettings.Seed(configuration), plan ?? MeshPlan.Alone);
        services.AddMesh(mesh, seed);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new RootKey(DataPlaneSettings.RootSecret(configuration)!, DataPlaneSettings.PreviousRootSecret(configuration)));
        services.AddState();
        services.AddSecurity();
        services.AddRotations();
        services.AddAudit();
        services.AddThreats();
        services.AddMemory();
        services.AddMemoryRole(mesh);
        services.AddThreads();
        services.AddIdempotency();
        services.AddSessions();
        services.AddResponses();
        services.AddDocuments();
        services.AddTools();
        services.AddToolsRole(mesh);
        services.AddAgents();
        services.AddFacts();
        services.AddBudgets();
        services.AddErasure();
        services.AddAnswerCache(configuration.GetConnectionString("redis") is { Length: > 0 });
        services.AddRouting($"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}", seed);
        services.AddModelResilience(seed);
        services.AddPipeline();
        services.AddReasoningRole(mesh);
        services.AddDurableRuns();
        services.AddSchedules();
        services.AddEgress();
        services.AddWebhooks();
        services.TryAddSingleton<IModelDirectory, HostedModels>();
        services.AddHealthChecks().AddSchema("schema", RuntimeSchema.ProblemAsync, Ready).AddCheck<DrainReadinessCheck>("serving", tags: [Ready]);
        services.AddInferenceRole(mesh);
        return services;
    }

    /// <summary>Adds what a process needs that serves some roles and not <c>reasoning</c>: the capabilities behind them, and no more.</summary>
    /// <param name="services">Where.</param>
    /// <param name="configuration">Its settings.</param>
    /// <param name="plan">Which roles it serves, and which are elsewhere.</param>
    public static IServiceCollection AddServedRoles(this IServiceCollection services, IConfiguration configuration, MeshPlan plan)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(plan);
        var seed = DataPlaneSettings.Seed(configuration);
        services.AddMesh(plan, seed);
        if (plan.Serves.Contains(RoleNames.Memory) || plan.Serves.Contains(RoleNames.Tools))
        {
            services.AddMemory();
            services.AddMemoryRole(plan);
            services.AddModelResilience(seed);
            // Where Memory:Embedding names a model, its host offers the models, too.
            services.TryAddSingleton<IModelDirectory, HostedModels>();
            services.TryAddSingleton<Embedder>();
            services.TryAddSingleton<IMemoryModels, MemoryModels>();
            services.AddInferenceRole(plan);
            services.AddHealthChecks().AddSchema("schema", RuntimeSchema.ProblemAsync, Ready);
        }

        if (plan.Serves.Contains(RoleNames.Tools))
        {
            // The credentials of tenants' tools are sealed with it.
            services.TryAddSingleton(new RootKey(DataPlaneSettings.RootSecret(configuration)!, DataPlaneSettings.PreviousRootSecret(configuration)));
            services.AddDocuments();
            services.AddTools();
            services.AddToolsRole(plan);
        }

        return services;
    }
}
