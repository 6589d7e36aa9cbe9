using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AgentSystem.Web.SignIn;

/// <summary>Who is signed in: an admin key, held in the encrypted ticket and never sent to the browser in the clear.</summary>
internal static class ConsoleUser
{
    private const string KeyClaim = "agentsystem:key";

    public static ClaimsPrincipal For(string key, string name) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), new Claim(KeyClaim, key)],
        CookieAuthenticationDefaults.AuthenticationScheme));

    public static string? KeyOf(ClaimsPrincipal user) => user.FindFirst(KeyClaim)?.Value;
}
