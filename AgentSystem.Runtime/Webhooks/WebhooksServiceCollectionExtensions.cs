using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.State;
using AgentSystem.Runtime.Webhooks.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>The way into webhooks.</summary>
public static class WebhooksServiceCollectionExtensions
{
    /// <summary>Adds the stores on Postgres and the service that delivers. The host registers a <c>RootKey</c>, a <c>JitterSource</c> and an <c>IRunStore</c>.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddState();
        services.AddSealing();
        services.AddSealedColumn(WebhookRows.Secret);
        services.AddSealedColumn(WebhookRows.SecretBefore);
        services.AddEgress();
        services.AddOptions<WebhookOptions>().BindConfiguration("Webhooks").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WebhookSecrets>();
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton<IWebhookStore, PostgresWebhookStore>();
        services.TryAddSingleton<IWebhookOutbox, PostgresWebhookOutbox>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WebhookDeliverer>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DeliveryCleaner>());
        return services;
    }
}
