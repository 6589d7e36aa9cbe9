using AgentSystem.Runtime.State;
using AgentSystem.Runtime.Threats.Conduct;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Incidents;
using AgentSystem.Runtime.Threats.Intelligence;
using AgentSystem.Runtime.Threats.Postgres;
using AgentSystem.Runtime.Threats.Verdicts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Threats;

/// <summary>The only way in to Threats.</summary>
public static class ThreatsServiceCollectionExtensions
{
    /// <summary>Adds the watch over callers, incidents, containment, intelligence and the log of verdicts, on Postgres. An <c>IAuditLog</c> that the host has added is written to.</summary>
    public static IServiceCollection AddThreats(this IServiceCollection services)
    {
        services.AddState();
        services.AddMetrics();
        services.AddOptions<ThreatsOptions>().BindConfiguration("Threats").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ThreatTelemetry>();
        services.TryAddSingleton<IContainmentStore, PostgresContainmentStore>();
        services.TryAddSingleton<IIncidentStore, PostgresIncidentStore>();
        services.TryAddSingleton<IIntelligenceStore, PostgresIntelligenceStore>();
        services.TryAddSingleton<IVerdictLog, PostgresVerdictLog>();
        services.TryAddSingleton<IProfileStore, PostgresProfileStore>();
        services.TryAddSingleton<ContainmentBoard>();
        services.TryAddSingleton<ContainmentDesk>();
        services.TryAddSingleton<IContainments>(static provider => provider.GetRequiredService<ContainmentDesk>());
        services.TryAddSingleton<IntelligenceBoard>();
        services.TryAddSingleton<IncidentDesk>();
        services.TryAddSingleton<IIncidents>(static provider => provider.GetRequiredService<IncidentDesk>());
        services.TryAddSingleton<IIncidentResponse>(static provider => provider.GetRequiredService<IncidentDesk>());
        services.TryAddSingleton<VerdictQueue>();
        services.TryAddSingleton<VerdictBook>();
        services.TryAddSingleton(static provider =>
        {
            var options = provider.GetRequiredService<IOptions<ThreatsOptions>>().Value;
            return new ConductWatch(options.Thresholds, options.MaxSubjects, provider.GetRequiredService<TimeProvider>());
        });
        services.TryAddSingleton(static provider => new ThreatWatch(
            provider.GetRequiredService<ConductWatch>(), provider.GetRequiredService<IntelligenceBoard>(), provider.GetRequiredService<VerdictQueue>(),
            provider.GetRequiredService<IIncidents>(), provider.GetRequiredService<ThreatTelemetry>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ThreatKeeper>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ContainmentListener>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IncidentWriter>());
        return services;
    }
}
