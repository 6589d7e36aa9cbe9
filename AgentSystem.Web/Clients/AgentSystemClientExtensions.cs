using AgentSystem.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace AgentSystem.Web.Clients;

internal static class AgentSystemClientExtensions
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    public static void AddAgentSystemClient(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ApiOptions>().Configure<IConfiguration>(static (options, configuration) =>
            (options.Url, options.PublicUrl) = (ApiOptions.UrlFrom(configuration), ApiOptions.PublicUrlFrom(configuration))).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.AddSingleton(TimeProvider.System);
        services.AddScoped<ApiTransport>();
        services.AddScoped<AgentSystemClient>();

        services.AddHttpClient(AgentSystemClient.HttpClientName, static (provider, client) =>
        {
            client.BaseAddress = new Uri(provider.GetRequiredService<IOptions<ApiOptions>>().Value.Url);
            // Streams last as long as the answer does; every other call has its own limit.
            client.Timeout = Timeout.InfiniteTimeSpan;
        }).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
        {
            ConnectTimeout = ConnectLimit,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }).AddReadRetries();
    }
}
