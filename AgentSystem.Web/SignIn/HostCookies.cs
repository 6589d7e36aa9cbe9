using Microsoft.AspNetCore.Authentication.Cookies;

namespace AgentSystem.Web.SignIn;

/// <summary>Cookies that only this host can have set: over https their name begins with <c>__Host-</c>, which browsers take from nobody else. Over http there is no such name.</summary>
internal sealed class HostCookies : ICookieManager
{
    private const string Prefix = "__Host-";
    private readonly ChunkingCookieManager chunks = new();

    public string? GetRequestCookie(HttpContext context, string key) => chunks.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) => chunks.AppendResponseCookie(context, Name(context, key), value, Plain(options));

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => chunks.DeleteCookie(context, Name(context, key), Plain(options));

    private static string Name(HttpContext context, string key) => context.Request.IsHttps ? Prefix + key : key;

    /// <summary>The prefix asks for the whole host and every path.</summary>
    private static CookieOptions Plain(CookieOptions options)
    {
        (options.Domain, options.Path) = (null, "/");
        return options;
    }
}
