using System.Globalization;
using System.Security.Claims;
using AgentSystem.Contracts.Security;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AgentSystem.Web.SignIn;

/// <summary>Who is signed in, by an admin key or by tokens of the identity provider. Either is held in the encrypted ticket and never sent to the browser in the clear.</summary>
internal static class ConsoleUser
{
    private const string KeyClaim = "agentsystem:key";
    private const string RefreshClaim = "agentsystem:refresh";
    private const string EndClaim = "agentsystem:token-end";
    private const string SessionClaim = "agentsystem:session";
    private const string SinceClaim = "agentsystem:since";
    private const string IdTokenClaim = "agentsystem:id-token";
    private const string ScopeClaim = "agentsystem:scope";

    /// <summary>Somebody with an admin key.</summary>
    public static ClaimsPrincipal For(string key, string name, DateTimeOffset now) => Make(name, now, [new Claim(KeyClaim, key), new Claim(ScopeClaim, Scopes.Admin)]);

    /// <summary>Somebody whom the API knows by a token.</summary>
    /// <param name="tokens">What the API is called with.</param>
    /// <param name="who">What the API says of them.</param>
    /// <param name="now">When the session begins.</param>
    /// <param name="idToken">Tells the provider whose session there ends with this one; null: it asks.</param>
    public static ClaimsPrincipal For(SessionTokens tokens, IdentityView who, DateTimeOffset now, string? idToken = null) =>
        Make(who.Name, now, [.. Claims(tokens), .. idToken is null ? Array.Empty<Claim>() : [new Claim(IdTokenClaim, idToken)], .. who.Scopes.Select(static scope => new Claim(ScopeClaim, scope))]);

    /// <summary>The same person with other tokens.</summary>
    public static ClaimsPrincipal With(ClaimsPrincipal user, SessionTokens tokens) => new(new ClaimsIdentity(
        [.. user.Claims.Where(static claim => claim.Type is not (KeyClaim or RefreshClaim or EndClaim)), .. Claims(tokens)], CookieAuthenticationDefaults.AuthenticationScheme));

    /// <summary>What the API is called with.</summary>
    public static string? KeyOf(ClaimsPrincipal user) => user.FindFirst(KeyClaim)?.Value;

    /// <summary>The tokens of somebody who came by single sign-on; null for a key.</summary>
    public static SessionTokens? TokensOf(ClaimsPrincipal user) => KeyOf(user) is { } access && Moment(user, EndClaim) is { } end
        ? new SessionTokens(access, user.FindFirst(RefreshClaim)?.Value, end)
        : null;

    /// <summary>The id token that somebody signed in with; null where there is none.</summary>
    public static string? IdTokenOf(ClaimsPrincipal user) => user.FindFirst(IdTokenClaim)?.Value;

    /// <summary>The session's id, new at every sign-in.</summary>
    public static string? SessionOf(ClaimsPrincipal user) => user.FindFirst(SessionClaim)?.Value;

    /// <summary>When the session began.</summary>
    public static DateTimeOffset? SinceOf(ClaimsPrincipal user) => Moment(user, SinceClaim);

    /// <summary>True when what they may do includes <paramref name="scope"/>. The API decides; this is for what is worth showing.</summary>
    public static bool May(ClaimsPrincipal user, string scope) => user.HasClaim(ScopeClaim, scope) || user.HasClaim(ScopeClaim, Scopes.Admin);

    private static ClaimsPrincipal Make(string name, DateTimeOffset now, IEnumerable<Claim> more) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), new Claim(SessionClaim, Guid.NewGuid().ToString("N")), new Claim(SinceClaim, Text(now)), .. more],
        CookieAuthenticationDefaults.AuthenticationScheme));

    private static IEnumerable<Claim> Claims(SessionTokens tokens)
    {
        yield return new Claim(KeyClaim, tokens.Access);
        yield return new Claim(EndClaim, Text(tokens.End));
        if (tokens.Refresh is { } refresh)
        {
            yield return new Claim(RefreshClaim, refresh);
        }
    }

    private static string Text(DateTimeOffset moment) => moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? Moment(ClaimsPrincipal user, string claim) =>
        long.TryParse(user.FindFirst(claim)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}

/// <summary>What single sign-on gave a session.</summary>
/// <param name="Access">The token the API is called with.</param>
/// <param name="Refresh">What gets the next one; null: the session ends with the token.</param>
/// <param name="End">When the token ends.</param>
internal sealed record SessionTokens(string Access, string? Refresh, DateTimeOffset End);
