using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Security.Screening.Injection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Runtime.Security;

/// <summary>The only way in to Security.</summary>
public static class SecurityServiceCollectionExtensions
{
    /// <summary>Adds key authentication, limits and the screening of texts. The host binds <see cref="SecurityOptions"/> and registers <see cref="RootKey"/> and an <see cref="IKeyStore"/>.</summary>
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<SecurityOptions>().BindConfiguration("Security").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<KeySecrets>();
        services.TryAddSingleton<KeyAuthenticator>();
        services.TryAddSingleton<KeyLimiter>();
        services.TryAddSingleton<AddressLimiter>();
        services.TryAddSingleton<CanaryTokens>();
        services.TryAddSingleton<SpotlightNonces>();
        services.TryAddSingleton(static _ => new TextScreener(InjectionModel.Shipped));
        services.AddHostedService<ScreeningWarmUp>();
        services.TryAddSingleton(static provider => new TextScreening(provider.GetRequiredService<TextScreener>()));
        return services;
    }
}
