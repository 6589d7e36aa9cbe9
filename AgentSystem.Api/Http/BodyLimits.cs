using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>The size of a body, checked before any of it is read.</summary>
internal static class BodyLimits
{
    /// <summary>Largest body accepted (contract: 20 MB).</summary>
    public const long MaxBytes = 20 * 1024 * 1024;

    /// <summary>The answer to a body over the limit.</summary>
    public static RunFailure TooLarge { get; } = new(413, "invalid_request_error", "body_too_large", "The body is larger than 20 MB; send less, or upload files separately.");

    /// <summary>Refuses a body whose stated length is over the limit; a body without a stated length is cut at the limit while it is read.</summary>
    public static void UseBodyLimits(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Request.ContentLength > MaxBytes)
        {
            context.Response.Headers.Connection = "close";
            await ErrorAnswers.WriteAsync(context, TooLarge, context.RequestAborted);
            return;
        }

        await next(context);
    });
}
