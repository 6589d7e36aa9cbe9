namespace AgentSystem.Api.Http;

/// <summary>HEAD on everything that answers GET (RFC 9110, section 9.3.2): chosen and answered like the GET, and Kestrel sends no body.</summary>
internal static class HeadRequests
{
    private static readonly object Asked = new();

    /// <summary>Adds routing, to which a HEAD looks like a GET. Only to it: whatever comes after sees what was asked.</summary>
    public static void UseRoutingWithHead(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method))
            {
                context.Items[Asked] = Asked;
                context.Request.Method = HttpMethods.Get;
            }

            return next(context);
        });
        app.UseRouting();
        app.Use((context, next) =>
        {
            if (context.Items.Remove(Asked))
            {
                context.Request.Method = HttpMethods.Head;
            }

            return next(context);
        });
    }
}
