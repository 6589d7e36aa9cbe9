using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using StackExchange.Redis;

namespace AgentSystem.ServiceDefaults.Stores;

/// <summary>The stores by their own client libraries. <c>AspireStores.cs</c> gives the same where Aspire's packages can be had; the project file picks one.</summary>
public static class StoresHostExtensions
{
    private const bool QdrantHasAClient = false;

    /// <summary>What is wrong with the connection strings, one line each with its cure; nothing is connected to.</summary>
    public static IReadOnlyList<string> CheckStores(IConfiguration configuration) => StoreConfiguration.Mistakes(configuration, QdrantHasAClient);

    /// <summary>
    /// Adds the shared <see cref="NpgsqlDataSource"/>, <see cref="RedisConnection"/> (and <see cref="IConnectionMultiplexer"/> where Redis is configured),
    /// and their health checks tagged <c>ready</c>.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A connection string is missing, unreadable or not supported; one line each, with the cure.</exception>
    public static IHostApplicationBuilder AddStores(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var stores = StoreConfiguration.Read(builder.Configuration, QdrantHasAClient);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(stores.Postgres));
        if (stores.Redis is { } redis)
        {
            var options = ConfigurationOptions.Parse(redis);
            // A Redis that is away at the start is connected to when it comes.
            options.AbortOnConnectFail = false;
            builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(options));
        }

        builder.Services.AddSingleton(provider => new RedisConnection(provider.GetService<IConnectionMultiplexer>()));
        builder.Services.AddStoreHealth();
        return builder;
    }

    /// <summary>Adds an Entity Framework context over the shared data source.</summary>
    public static IHostApplicationBuilder AddDatabase<TContext>(this IHostApplicationBuilder builder, Action<NpgsqlDbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDbContextPool<TContext>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), configure));
        return builder;
    }
}
