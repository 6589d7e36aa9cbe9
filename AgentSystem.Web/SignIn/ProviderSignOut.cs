using System.Security.Claims;
using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace AgentSystem.Web.SignIn;

/// <summary>Where a browser goes to end its session at the identity provider too (OpenID Connect RP-Initiated Logout 1.0).</summary>
internal sealed partial class ProviderSignOut(IOptionsMonitor<OpenIdConnectOptions> schemes, IOptions<OidcOptions> oidc, ILogger<ProviderSignOut> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The address; null for somebody with a key, where the provider publishes none, and while it is away: then only the console's own session ends.</summary>
    /// <param name="user">Who leaves.</param>
    /// <param name="back">Where the provider sends the browser afterwards, an address that is registered there.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<string?> AddressAsync(ClaimsPrincipal user, string back, CancellationToken cancellation)
    {
        if (ConsoleUser.TokensOf(user) is null)
        {
            return null;
        }

        try
        {
            var provider = await schemes.Get(SingleSignOnExtensions.Scheme).ConfigurationManager!.GetConfigurationAsync(cancellation).WaitAsync(Patience, cancellation);
            if (provider.EndSessionEndpoint is not { Length: > 0 } end || !OidcSettings.IsSafe(end.Split('?')[0]))
            {
                return null;
            }

            var query = QueryString.Create([new("client_id", oidc.Value.ClientId), new("post_logout_redirect_uri", back), .. IdToken(user)]).ToString();
            return end.Contains('?', StringComparison.Ordinal) ? $"{end}&{query[1..]}" : end + query;
        }
        catch (Exception away) when (away is HttpRequestException or TimeoutException or IOException or InvalidOperationException)
        {
            LogAway(away.GetType().Name);
            return null;
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> IdToken(ClaimsPrincipal user) => ConsoleUser.IdTokenOf(user) is { } token ? [new("id_token_hint", token)] : [];

    [LoggerMessage(LogLevel.Warning, "The identity provider does not answer ({Failure}); a session was ended here and goes on there")]
    private partial void LogAway(string failure);
}
