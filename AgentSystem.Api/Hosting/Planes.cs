using AgentSystem.Api.Http;
using AgentSystem.Api.Http.Audit;
using AgentSystem.Api.Http.Idempotency;
using AgentSystem.Api.Identity;
using AgentSystem.Api.Keys;
using AgentSystem.Api.Models;
using AgentSystem.Api.Platform;
using AgentSystem.Api.Responses;
using AgentSystem.Api.Tools;
using AgentSystem.Contracts.Json;
using AgentSystem.Control.Behavior;
using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Api.Hosting;

/// <summary>The capabilities this host composes, plane by plane.</summary>
internal static class Planes
{
    /// <summary>What serves a request.</summary>
    public static void AddDataPlane(this WebApplicationBuilder builder, MeshPlan roles)
    {
        var services = builder.Services;
        services.AddDataPlane(builder.Configuration, roles);
        services.TryAddSingleton<KeyWatches>();
        services.TryAddSingleton<RefusalCounts>();
        services.AddHostedService(static provider => provider.GetRequiredService<RefusalCounts>());
        services.AddIdentity();
        services.TryAddSingleton<ReplayFacts>();
        services.TryAddSingleton<Replay>();
        services.TryAddSingleton<Sessions.StateLimits>();
        services.AddResponseEndpoints();
        services.TryAddSingleton<ModelStatusReader>();
        services.TryAddSingleton<ToolViews>();
        services.TryAddSingleton<AdminKey>();
        services.AddOptions<DatabaseOptions>().BindConfiguration("Database");
        services.TryAddSingleton<Postgres.Schema>();
        services.TryAddSingleton<FirstStart>();
        services.AddHealthChecks().AddSchema("control_schema", ControlSchema.ProblemAsync, ServiceDefaults.Health.HealthHostExtensions.Ready);
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
        builder.Services.TryAddSingleton<Instances.InstanceReader>();
        builder.Services.TryAddSingleton<Monitoring.OverviewReader>();
    }
}
