using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AgentSystem.Web.SignIn;

/// <summary>Exchanges a refresh token for the next access token (RFC 6749, section 6).</summary>
internal sealed partial class TokenRefresh(IOptionsMonitor<OpenIdConnectOptions> schemes, IOptions<OidcOptions> oidc, TimeProvider time, ILogger<TokenRefresh> log)
{
    /// <summary>The next tokens; null when the provider gives none, and then the session ends with the token it has.</summary>
    public async Task<SessionTokens?> TryAsync(string refresh)
    {
        var scheme = schemes.Get(SingleSignOnExtensions.Scheme);
        try
        {
            var provider = await scheme.ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
            var form = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh, ["client_id"] = oidc.Value.ClientId };
            if (oidc.Value.ClientSecret.Length > 0)
            {
                form["client_secret"] = oidc.Value.ClientSecret;
            }

            using var content = new FormUrlEncodedContent(form);
            using var answer = await scheme.Backchannel.PostAsync(new Uri(provider.TokenEndpoint), content);
            if (!answer.IsSuccessStatusCode)
            {
                LogRefused((int)answer.StatusCode);
                return null;
            }

            var message = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync());
            return From(message, time.GetUtcNow(), refresh);
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException or InvalidOperationException or ArgumentException)
        {
            LogAway(away.GetType().Name);
            return null;
        }
    }

    /// <summary>The tokens of an answer; null when it has none. A provider that does not rotate refresh tokens leaves them out.</summary>
    public static SessionTokens? From(OpenIdConnectMessage? answer, DateTimeOffset now, string? refresh = null) => answer?.AccessToken is { Length: > 0 } access
        ? new SessionTokens(access, answer.RefreshToken is { Length: > 0 } next ? next : refresh, now.AddSeconds(long.TryParse(answer.ExpiresIn, out var seconds) ? Math.Clamp(seconds, 0, 86_400) : 0))
        : null;

    [LoggerMessage(LogLevel.Information, "The identity provider gave no new token (status {Status}); the session ends with the one it has")]
    private partial void LogRefused(int status);

    [LoggerMessage(LogLevel.Warning, "The identity provider does not answer ({Failure}); sessions end with the tokens they have")]
    private partial void LogAway(string failure);
}
