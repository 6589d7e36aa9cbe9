namespace AgentSystem.Api.Http;

/// <summary>Headers of every answer: that it is no page, may not be framed, and is nobody's to keep in between. The one page there is, <c>/docs</c>, brings its own scripts.</summary>
internal static class SecurityHeaders
{
    private const string Docs = "/docs";
    private const string NoPage = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    private const string OwnPage = "frame-ancestors 'none'; base-uri 'self'; form-action 'none'; object-src 'none'";

    /// <summary>Sets them at the last moment: the exception handler clears what was set before it.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            var answering = (HttpContext)state;
            var headers = answering.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers.ContentSecurityPolicy = answering.Request.Path.StartsWithSegments(Docs) ? OwnPage : NoPage;
            if (headers.CacheControl.Count == 0 && (answering.Request.Path.StartsWithSegments("/api") || answering.Request.Path.StartsWithSegments("/v1")))
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
