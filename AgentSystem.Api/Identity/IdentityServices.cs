using AgentSystem.Api.Http;
using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Api.Identity;

/// <summary>Who is calling: keys and tokens, in one place.</summary>
internal static class IdentityServices
{
    private const int MaxDocument = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds what decides it, and what watches over it while a stream is under way.</summary>
    public static void AddIdentity(this IServiceCollection services)
    {
        services.AddOidcOptions();
        services.AddHttpClient(Authority.ClientName, static client =>
        {
            client.Timeout = Patience;
            client.MaxResponseContentBufferSize = MaxDocument;
        }).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.TryAddSingleton<Authority>();
        services.TryAddSingleton<TokenReader>();
        services.TryAddSingleton<TokenCallers>();
        services.TryAddSingleton<TokenAuthenticator>();
        services.TryAddSingleton<CallerAuthenticator>();
        services.TryAddSingleton<KeyWatches>();
    }
}
