using AgentSystem.Runtime.Sessions.Postgres;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Sessions;

/// <summary>The way into the state agents keep in their sessions.</summary>
public static class SessionsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ISessionStore"/> and <see cref="ISessionConflicts"/> on Postgres, and the service that applies eventual updates. Binds the section <c>Sessions</c>.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddState();
        services.AddMetrics();
        services.AddLogging();
        services.AddOptions<SessionsOptions>().BindConfiguration("Sessions").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SessionRules>();
        services.TryAddSingleton<SessionTelemetry>();
        services.TryAddSingleton<QuorumFence>();
        services.TryAddSingleton<LostCommit>();
        services.TryAddSingleton<SessionFlush>();
        services.TryAddSingleton<SessionOutbox>();
        services.TryAddSingleton<SessionReader>();
        services.TryAddSingleton<SessionCatchUp>();
        services.TryAddSingleton<SessionProjector>();
        services.TryAddSingleton<ISessionStore, PostgresSessionStore>();
        services.TryAddSingleton<ISessionConflicts, PostgresSessionConflicts>();
        services.AddHostedService(static provider => provider.GetRequiredService<SessionProjector>());
        return services;
    }
}
