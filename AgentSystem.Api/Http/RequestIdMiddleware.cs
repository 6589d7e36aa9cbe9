using System.Security.Cryptography;

namespace AgentSystem.Api.Http;

/// <summary>Gives every request an id, says it in <c>x-request-id</c>, and makes it the one later lookups use.</summary>
internal static class RequestIdMiddleware
{
    private const int IdBytes = 12;

    /// <summary>Sets <see cref="HttpContext.TraceIdentifier"/> and the answer's <c>x-request-id</c>.</summary>
    public static void UseRequestIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.TraceIdentifier = "req_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        // At the last moment: the exception handler clears headers that were set before it.
        context.Response.OnStarting(static state =>
        {
            var answering = (HttpContext)state;
            answering.Response.Headers["x-request-id"] = answering.TraceIdentifier;
            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
