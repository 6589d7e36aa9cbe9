using System.Text.RegularExpressions;

namespace AgentSystem.Web.Hosting;

internal static partial class SecurityHeaders
{
    /// <summary>Headers of every answer. Scripts come from this host only; MudBlazor writes its theme as inline styles, hence that one exception.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use(static (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy(context.Request.Host);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    });

    private static string Policy(HostString host)
    {
        // Older browsers do not count a web socket to the same host as 'self'; naming it is only safe for a well-formed host.
        var sockets = host.HasValue && PlainHost().IsMatch(host.Value) ? $" ws://{host.Value} wss://{host.Value}" : "";
        return $"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'{sockets}; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    }

    [GeneratedRegex(@"^[A-Za-z0-9.\-\[\]:]+$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainHost();
}
