using System.Text.RegularExpressions;

namespace AgentSystem.Web.Hosting;

internal static partial class SecurityHeaders
{
    /// <summary>
    /// Headers of every answer. Scripts and style elements come from this host only, but for the two palettes, which are known by their hashes. Style attributes are allowed:
    /// MudBlazor places and sizes its components with them, and an attribute loads no style sheet and selects nothing. Its notes bring a style element of their own to fade by, which is refused: they come without fading.
    /// </summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        var styles = new Lazy<Task<string>>(() => InlineStyles.SourcesAsync(app.Services));
        app.Use(async (context, next) =>
        {
            Write(context, await styles.Value);
            await next(context);
        });
    }

    private static void Write(HttpContext context, string styles)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy(context.Request.Host, styles);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static string Policy(HostString host, string styles)
    {
        // Older browsers do not count a web socket to the same host as 'self'; naming it is only safe for a well-formed host.
        var sockets = host.HasValue && PlainHost().IsMatch(host.Value) ? $" ws://{host.Value} wss://{host.Value}" : "";
        return $"default-src 'self'; script-src 'self'; style-src 'self' {styles}; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'{sockets}; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    }

    [GeneratedRegex(@"^[A-Za-z0-9.\-\[\]:]+$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainHost();
}
