using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.State;

/// <summary>The way into the data plane's durable state.</summary>
public static class StateServiceCollectionExtensions
{
    /// <summary>Adds the Postgres stores of keys and agents. Needs an <c>NpgsqlDataSource</c> in the container whose schema <see cref="RuntimeSchema"/> has made.</summary>
    public static IServiceCollection AddState(this IServiceCollection services)
    {
        services.TryAddSingleton<RuntimeDatabase>();
        services.TryAddSingleton<IKeyStore, PostgresKeyStore>();
        services.TryAddSingleton<ITenantStore, PostgresTenantStore>();
        services.TryAddSingleton<IAgentStore, PostgresAgentStore>();
        return services;
    }
}
