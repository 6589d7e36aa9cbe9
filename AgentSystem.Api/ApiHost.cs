using AgentSystem.Api.Agents;
using AgentSystem.Api.Audit;
using AgentSystem.Api.Budgets;
using AgentSystem.Api.Cache;
using AgentSystem.Api.Chat;
using AgentSystem.Api.DeadLetters;
using AgentSystem.Api.Documents;
using AgentSystem.Api.Embeddings;
using AgentSystem.Api.Feedback;
using AgentSystem.Api.Hosting;
using AgentSystem.Api.Http;
using AgentSystem.Api.Http.Audit;
using AgentSystem.Api.Http.Idempotency;
using AgentSystem.Api.Identity;
using AgentSystem.Api.Instances;
using AgentSystem.Api.Keys;
using AgentSystem.Api.Limits;
using AgentSystem.Api.Memory;
using AgentSystem.Api.Models;
using AgentSystem.Api.Monitoring;
using AgentSystem.Api.Perception;
using AgentSystem.Api.Platform;
using AgentSystem.Api.Runs;
using AgentSystem.Api.Schedules;
using AgentSystem.Api.Security;
using AgentSystem.Api.Sessions;
using AgentSystem.Api.Responses;
using AgentSystem.Api.Threads;
using AgentSystem.Api.Tools;
using AgentSystem.Api.Usage;
using AgentSystem.Api.Webhooks;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh;
using AgentSystem.ServiceDefaults;
using AgentSystem.ServiceDefaults.Health;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Startup;
using AgentSystem.ServiceDefaults.Stores;

namespace AgentSystem.Api;

/// <summary>The HTTP edge of the platform.</summary>
public static class ApiHost
{
    /// <summary>Builds the host; <paramref name="configure"/> runs before anything is registered, so that a caller can supply configuration and services.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Options are wrong; every mistake is named.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = ApiBuilder.Create(args);
        configure?.Invoke(builder);
        WrongSettings.Refuse(typeof(ApiHost), CheckSettings(builder.Configuration));

        builder.AddApiAddress();
        builder.AddServiceDefaults();
        builder.AddStores();
        var roles = MeshPlan.OfGateway(builder.Configuration);
        builder.AddInference(roles.IsElsewhere(RoleNames.Inference));
        builder.AddDataPlane(roles);
        builder.AddControlPlane();
        builder.Services.AddForwardedAddresses();
        builder.Services.AddKeyPolicies();
        builder.Services.AddApiDocuments();

        var app = builder.Build();
        app.UseForwardedAddresses();
        app.UseRequestIds();
        app.UseSecurityHeaders();
        app.UseConduct();
        app.UseErrorAnswers();
        app.UseExactMethods();
        app.UseOneLength();
        app.UseBodyLimits();
        app.UseRoutingWithHead();
        app.UseAuditedRefusals();
        app.UseContainedAddresses();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseContainment();
        app.UsePlatformRequests();
        app.UseAuditedActs();
        app.UseIdempotency();
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDocuments();
        app.MapChat();
        app.MapResponses();
        app.MapModels();
        app.MapEmbeddings();
        app.MapPlatform(static api =>
        {
            api.MapAgents();
            api.MapKeys();
            api.MapIdentity();
            api.MapDocuments();
            api.MapPerception();
            api.MapModelStatus();
            api.MapFeedback();
            api.MapMonitoring();
            api.MapThreads();
            api.MapRuns();
            api.MapResponseList();
            api.MapSchedules();
            api.MapWebhooks();
            api.MapTools();
            api.MapDeadLetters();
            api.MapSessions();
            api.MapMemory();
            api.MapUsage();
            api.MapBudgets();
            api.MapTenants();
            api.MapCache();
            api.MapInstances();
            api.MapLimits();
            api.MapSecurity();
            api.MapAudit();
            api.MapPlatformSystem();
        });
        return app;
    }

    /// <summary>Every mistake in the settings of this host, one sentence each with its cure; nothing is started, connected to or loaded.</summary>
    public static IEnumerable<string> CheckSettings(IConfiguration configuration) => ApiSettings.Check(configuration);

    /// <summary>Brings the database up to date, adds the seeded agents and the first key. Call it before the host starts.</summary>
    /// <returns>The admin key's secret when this start made one (shown once, only its hash is kept); otherwise null.</returns>
    public static Task<string?> PrepareAsync(WebApplication app, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Services.GetRequiredService<FirstStart>().PrepareAsync(cancellation);
    }
}
