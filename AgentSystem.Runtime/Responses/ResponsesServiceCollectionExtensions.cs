using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Responses.Postgres;
using AgentSystem.Runtime.Security.Sealing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Responses;

/// <summary>The way into stored responses.</summary>
public static class ResponsesServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IResponseStore"/> and <see cref="IResponseRuns"/> on Postgres, the recordings it needs, and the service that deletes what is old.</summary>
    public static IServiceCollection AddResponses(this IServiceCollection services)
    {
        services.AddRecordings();
        foreach (var column in ResponseSeal.Columns)
        {
            services.AddSealedColumn(column);
        }

        services.AddOptions<ResponsesOptions>().BindConfiguration("Responses").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<IResponseStore, PostgresResponseStore>();
        services.TryAddSingleton<IResponseRuns, PostgresResponseRuns>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ResponseCleaner>());
        return services;
    }
}
