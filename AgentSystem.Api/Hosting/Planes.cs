using AgentSystem.Api.Http;
using AgentSystem.Api.Http.Idempotency;
using AgentSystem.Api.Keys;
using AgentSystem.Api.Models;
using AgentSystem.Api.Platform;
using AgentSystem.Api.Responses;
using AgentSystem.Contracts.Json;
using AgentSystem.Control.Behavior;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Idempotency;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Pipeline.Durable;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Schedules;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.State;
using AgentSystem.Runtime.Threads;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Api.Hosting;

/// <summary>The capabilities this host composes, plane by plane.</summary>
internal static class Planes
{
    /// <summary>What serves a request.</summary>
    public static void AddDataPlane(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        // Chance comes in here, once: a configured seed makes routing and backoff repeatable.
        var seed = builder.Configuration.GetValue("Seed", Environment.ProcessId);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new RootKey(ApiSettings.RootSecret(builder.Configuration)!));
        services.AddState();
        services.AddSecurity();
        services.AddMemory();
        services.AddThreads();
        services.AddIdempotency();
        services.TryAddSingleton<KeyWatches>();
        services.TryAddSingleton<ReplayFacts>();
        services.TryAddSingleton<Replay>();
        services.AddSessions();
        services.TryAddSingleton<Sessions.StateLimits>();
        services.AddResponses();
        services.AddResponseEndpoints();
        services.AddDocuments();
        services.AddTools();
        services.AddAgents();
        services.AddFacts();
        services.AddBudgets();
        services.AddAnswerCache(builder.Configuration.GetConnectionString("redis") is { Length: > 0 });
        services.AddRouting($"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}", seed);
        services.AddModelResilience(seed);
        services.AddPipeline();
        services.AddDurableRuns();
        services.AddSchedules();
        services.AddEgress();
        services.AddWebhooks();
        services.TryAddSingleton<IModelDirectory, ConfiguredModels>();
        services.TryAddSingleton<ModelStatusReader>();
        services.TryAddSingleton<AdminKey>();
        services.AddOptions<DatabaseOptions>().BindConfiguration("Database");
        services.TryAddSingleton<Postgres.Schema>();
        services.TryAddSingleton<FirstStart>();
        services.AddHealthChecks().AddCheck<Postgres.SchemaReadinessCheck>("schema", tags: [ServiceDefaults.Health.HealthHostExtensions.Ready]);
        services.AddHealthChecks().AddCheck<Instances.DrainReadinessCheck>("serving", tags: [ServiceDefaults.Health.HealthHostExtensions.Ready]);
        services.ConfigureHttpJsonOptions(json => PlatformJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    /// <summary>What watches requests.</summary>
    public static void AddControlPlane(this WebApplicationBuilder builder)
    {
        builder.Services.AddBehavior();
        builder.Services.TryAddSingleton<RunningProcess>();
        builder.Services.TryAddSingleton<SettingsInForce>();
        builder.Services.TryAddSingleton<SystemReader>();
        builder.Services.TryAddSingleton<Monitoring.OverviewReader>();
    }
}
