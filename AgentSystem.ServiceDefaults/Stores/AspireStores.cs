using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using StackExchange.Redis;

namespace AgentSystem.ServiceDefaults.Stores;

/// <summary>The stores by Aspire's client integrations. <c>DirectStores.cs</c> gives the same without them; the project file picks one.</summary>
public static class StoresHostExtensions
{
    private const bool QdrantHasAClient = true;

    /// <summary>What is wrong with the connection strings, one line each with its cure; nothing is connected to.</summary>
    public static IReadOnlyList<string> CheckStores(IConfiguration configuration) => StoreConfiguration.Mistakes(configuration, QdrantHasAClient);

    /// <summary>
    /// Adds the shared <see cref="NpgsqlDataSource"/>, <see cref="RedisConnection"/> (and <see cref="IConnectionMultiplexer"/> where Redis is configured),
    /// the Qdrant client where Qdrant is configured, and the health checks tagged <c>ready</c>.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A connection string is missing or unreadable; one line each, with the cure.</exception>
    public static IHostApplicationBuilder AddStores(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var stores = StoreConfiguration.Read(builder.Configuration, QdrantHasAClient);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(stores.Postgres));
        if (stores.Redis is not null)
        {
            // Our own check says "degraded" where the integration's would say "unhealthy": losing Redis loses nothing.
            builder.AddRedisClient(StoreNames.Redis, settings => settings.DisableHealthChecks = true, options => options.AbortOnConnectFail = false);
        }

        if (stores.Qdrant is not null)
        {
            builder.AddQdrantClient(StoreNames.Qdrant);
        }

        builder.Services.AddSingleton(provider => new RedisConnection(provider.GetService<IConnectionMultiplexer>()));
        builder.Services.AddStoreHealth();
        return builder;
    }

    /// <summary>Adds an Entity Framework context on the same database as the data source.</summary>
    public static IHostApplicationBuilder AddDatabase<TContext>(this IHostApplicationBuilder builder, Action<NpgsqlDbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddNpgsqlDbContext<TContext>(
            StoreNames.Postgres,
            settings =>
            {
                // A silent retry would run a transaction's statements outside of it; whoever may retry says so itself.
                settings.DisableRetry = true;
                settings.DisableHealthChecks = true;
            },
            options => options.UseNpgsql(configure));
        return builder;
    }
}
